import { limits } from '@zekt/contracts';
import { acceptMessage, identityRef, messageRejected, reports, ZektError, type IncomingMessage } from '@zekt/core';
import { requireWorkflow } from './authenticate.ts';
import { traceparentOf } from './call.ts';
import type { Intake } from './intake.ts';
import { contractOf, textOf } from './read-body.ts';
import type { WithHeaders } from './with-headers.ts';
import type { Zekt } from './zekt.ts';

/** A message of which only the sender is known for certain. */
export interface SignedMessage extends Pick<IncomingMessage, 'identity' | 'idempotencyKey'> {
  /** The body, as text: parsed and checked where it is kept, so that it crosses between threads as it came. */
  readonly text: string;
  readonly traceparent: string | null;
}

export const receiveEvent: Intake<SignedMessage> = {
  name: 'receiveEvent',
  async verify(proofs, incoming) {
    return {
      identity: await requireWorkflow(proofs, incoming),
      text: textOf(await incoming.bytes(limits.bodyOfRequest.value)),
      idempotencyKey: incoming.headers.get('idempotency-key'),
      traceparent: traceparentOf(incoming),
    };
  },
  async keep(zekt, { identity, text, idempotencyKey, traceparent }) {
    const message: IncomingMessage = {
      identity,
      request: contractOf(text, 'ReceiveRequest'),
      idempotencyKey: checkIdempotencyKey(idempotencyKey),
      traceparent: zekt.telemetry.traceparent() ?? traceparent,
    };
    try {
      const answer = await acceptMessage(zekt, message, zekt.clock.now());
      zekt.counters.count('messages.accepted');
      return answer;
    } catch (error) {
      if (error instanceof ZektError) await recordRejection(zekt, message, error);
      throw error;
    }
  },
};

/** @throws ZektError `invalid_body` */
export const readIdempotencyKey = ({ headers }: WithHeaders): string | null =>
  checkIdempotencyKey(headers.get('idempotency-key'));

function checkIdempotencyKey(key: string | null): string | null {
  if (key === null || /^[\x21-\x7e][\x20-\x7e]{0,199}$/.test(key)) return key;
  throw new ZektError('invalid_body', "The header 'Idempotency-Key' must be 1 to 200 printable ASCII characters.");
}

/** A refusal of a repository that Zekt knows is news for its people; those of strangers are only counted. */
async function recordRejection(zekt: Zekt, message: IncomingMessage, error: ZektError): Promise<void> {
  zekt.counters.count(`messages.refused.${error.code}`);
  if (!(await zekt.cards.get(identityRef(message.identity))).repository) return;
  await zekt.bus.commit(reports([messageRejected(message, error, zekt.clock.now())], zekt.listeners));
}
