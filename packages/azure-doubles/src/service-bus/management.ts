import type { AmqpError } from 'rhea';
import type { Queue } from './queue.ts';
import { timestampCode, wrap, type AmqpMessage } from './rhea.ts';
import { amqpError, messageLockLost, sessionLockLost, swapGuid, toNumber } from './wire.ts';

export interface ManagementAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly error?: AmqpError;
}

const bodyOf = (request: AmqpMessage): Record<string, unknown> => {
  const { body } = request;
  if (body === null || typeof body !== 'object') return {};
  return ('typecode' in body && 'content' in body ? body.content : body) as Record<string, unknown>;
};

/** What a queue's `$management` node answers; the operations that Zekt's adapter uses, and a refusal of the rest. */
export function answerManagement(request: AmqpMessage, queue: Queue): ManagementAnswer {
  const operation = String(request.application_properties?.operation).replace('com.microsoft:', '');
  const body = bodyOf(request);
  switch (operation) {
    case 'renew-lock': {
      const tokens = [body['lock-tokens']].flat() as (Buffer | { value: Buffer })[];
      const until = tokens.map((token) => queue.renewLock(swapGuid(Buffer.isBuffer(token) ? token : token.value)));
      if (until.includes(null)) return { status: 410, error: messageLockLost };
      return { status: 200, body: { expirations: wrap.wrap_array(until, timestampCode) } };
    }
    case 'renew-session-lock': {
      const until = queue.renewSession(String(body['session-id']));
      if (until === null) return { status: 410, error: sessionLockLost };
      return { status: 200, body: { expiration: wrap.wrap_timestamp(until) } };
    }
    case 'peek-message': {
      const session = body['session-id'];
      const found = queue.peek(
        toNumber(body['from-sequence-number']),
        toNumber(body['message-count']),
        typeof session === 'string' ? session : null,
      );
      if (found.length === 0) return { status: 204 };
      return { status: 200, body: { messages: found.map((stored) => ({ message: queue.encode(stored) })) } };
    }
    default:
      return {
        status: 501,
        error: amqpError('amqp:not-implemented', `The double does not know the operation '${operation}'.`),
      };
  }
}
