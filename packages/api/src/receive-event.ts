import type { ReceiveAnswer } from '@zekt/contracts';
import { acceptMessage, identityRef, messageRejected, reports, ZektError, type IncomingMessage } from '@zekt/core';
import { requireWorkflow } from './authenticate.ts';
import { traceparentOf, type Call } from './call.ts';
import { readContract } from './read-body.ts';

/** Twice the payload's limit: room for escapes and the other fields. */
const maxBodyBytes = 1_048_576;

export async function receiveEvent({ zekt, request }: Call): Promise<ReceiveAnswer> {
  const identity = await requireWorkflow(zekt, request);
  const message: IncomingMessage = {
    identity,
    request: await readContract(request, 'ReceiveRequest', maxBodyBytes),
    idempotencyKey: readIdempotencyKey(request),
    traceparent: zekt.telemetry.traceparent() ?? traceparentOf(request),
  };
  try {
    const answer = await acceptMessage(zekt, message, zekt.clock.now());
    zekt.counters.count('messages.accepted');
    return answer;
  } catch (error) {
    if (error instanceof ZektError) await recordRejection(zekt, message, error);
    throw error;
  }
}

/** @throws ZektError `invalid_body` */
export function readIdempotencyKey(request: Request): string | null {
  const key = request.headers.get('idempotency-key');
  if (key === null) return null;
  if (!/^[\x21-\x7e][\x20-\x7e]{0,199}$/.test(key)) {
    throw new ZektError('invalid_body', "The header 'Idempotency-Key' must be 1 to 200 printable ASCII characters.");
  }
  return key;
}

/** A refusal of a repository that Zekt knows is news for its people; those of strangers are only counted. */
async function recordRejection(zekt: Call['zekt'], message: IncomingMessage, error: ZektError): Promise<void> {
  zekt.counters.count(`messages.refused.${error.code}`);
  if (!(await zekt.cards.get(identityRef(message.identity))).repository) return;
  await zekt.bus.commit(reports([messageRejected(message, error, zekt.clock.now())], zekt.listeners));
}
