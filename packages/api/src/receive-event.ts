import { limits, validate, type HookHeaders, type ReceiveAnswer, type ReceiveRequest } from '@zekt/contracts';
import { hookHeaders, hookRequest, hookResponse, isHooked, type MethodCall } from '@zekt/hooks';
import { acceptMessage, identityRef, messageRejected, reports, ZektError, type IncomingMessage } from '@zekt/core';
import { requireWorkflow } from './authenticate.ts';
import { traceparentOf } from './call.ts';
import type { Intake } from './intake.ts';
import { contractOf, parseJson, textOf } from './read-body.ts';
import { acceptContract } from './accept-contract.ts';
import { workflowCall } from './method-call.ts';
import type { WithHeaders } from './with-headers.ts';
import type { Zekt } from './zekt.ts';

/** A message of which only the sender is known for certain. */
export interface SignedMessage extends Pick<IncomingMessage, 'identity' | 'idempotencyKey'> {
  /** The body, as text: parsed and checked where it is kept, so that it crosses between threads as it came. */
  readonly text: string;
  readonly traceparent: string | null;
  /** Those that hooks may know. */
  readonly headers: HookHeaders;
}

export const receiveEvent: Intake<SignedMessage> = {
  name: 'receiveEvent',
  async verify(proofs, incoming) {
    return {
      identity: await requireWorkflow(proofs, incoming),
      text: textOf(await incoming.bytes(limits.bodyOfRequest.value)),
      idempotencyKey: incoming.headers.get('idempotency-key'),
      traceparent: traceparentOf(incoming),
      headers: hookHeaders(incoming.headers),
    };
  },
  async keep(zekt, sent, requestId) {
    const { identity, text, headers } = sent;
    const call = workflowCall('/zekt.event.v1.EventService/ReceiveEvent', identity, { requestId, headers });
    const isRequestHooked = await isHooked(zekt.hooks, 'request', call);
    const request = isRequestHooked ? await hooked(zekt, call, sent) : contractOf(text, 'ReceiveRequest');
    const message = messageOf(zekt, sent, request);
    const answer = await recordingRejection(zekt, message, async () => acceptMessage(zekt, message, zekt.clock.now()));
    zekt.counters.count('messages.accepted');
    return hookResponse<ReceiveAnswer>(zekt.hooks, call, request, answer, acceptContract('ReceiveAnswer'));
  },
};

const messageOf = (
  zekt: Zekt,
  { identity, idempotencyKey, traceparent }: SignedMessage,
  request: ReceiveRequest,
): IncomingMessage => ({
  identity,
  request,
  idempotencyKey: checkIdempotencyKey(idempotencyKey),
  traceparent: zekt.telemetry.traceparent() ?? traceparent,
});

/** What hooks have made of a message, which is checked then. One that they refuse is news like any other refusal. */
async function hooked(zekt: Zekt, call: MethodCall, sent: SignedMessage): Promise<ReceiveRequest> {
  const given = parseJson(sent.text);
  const run = (): Promise<unknown> => hookRequest<unknown>(zekt.hooks, call, given, acceptContract('ReceiveRequest'));
  const valid = validate('ReceiveRequest', given);
  const made = valid.ok ? await recordingRejection(zekt, messageOf(zekt, sent, valid.value), run) : await run();
  return contractOf(made === given ? sent.text : JSON.stringify(made), 'ReceiveRequest');
}

async function recordingRejection<T>(zekt: Zekt, message: IncomingMessage, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof ZektError) await recordRejection(zekt, message, error);
    throw error;
  }
}

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
