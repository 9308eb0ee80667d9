import { version } from '@zekt/contracts';
import { ForbiddenAddressError, TimedOutError, type Answer, type ProxyAddress } from '@zekt/egress';
import { goDurationMs } from '@zekt/core';
import type { HooksContext } from '../hooks-context.ts';
import { keysInUse, type TargetDocument } from '../targets/target-document.ts';
import { encodeBody } from './encode-body.ts';
import { HookFailure } from './hook-failure.ts';
import { failureOfStatus, forwardedBy, mostAnswerBytes, parseAnswer } from './judge-answer.ts';
import { signatureHeader, standardWebhooksHeaders } from './signatures.ts';

/** One call, ready to go: its bytes do not change any more. */
export interface PreparedCall {
  readonly id: string;
  readonly target: TargetDocument;
  readonly bytes: Uint8Array;
  readonly headers: readonly (readonly [string, string])[];
}

export interface CallIdentity {
  /** The same at each try. */
  readonly deliveryId: string;
  /** 1 at the first try. */
  readonly attempt: number;
  /** An event: receivers of Standard Webhooks understand it. */
  readonly isEvent?: boolean;
}

type Calling = Pick<HooksContext, 'clock' | 'signingKeys' | 'serverKey' | 'transport' | 'proxyFor'>;

/** @throws HookFailure when it can't be encrypted or signed */
export async function prepareCall(
  { clock, signingKeys, serverKey }: Calling,
  id: string,
  target: TargetDocument,
  body: object,
  { deliveryId, attempt, isEvent = false }: CallIdentity,
): Promise<PreparedCall> {
  const nowMs = clock.now();
  const bytes = await encodeBody(body, target, serverKey, nowMs);
  if (!bytes) throw new HookFailure('no_key', `The hook '${id}' has no active public key, so nothing can be sent.`);
  const read = await Promise.all(keysInUse(target, nowMs).map((key) => signingKeys.read(key.id)));
  const keys = read.filter((key) => key !== null);
  if (keys.length === 0) throw new HookFailure('no_key', `The signing key of the hook '${id}' is gone: rotate it.`);
  const seconds = Math.floor(nowMs / 1000);
  const signature = signatureHeader(keys, seconds, bytes);
  return {
    id,
    target,
    bytes,
    headers: [
      ['Content-Type', 'application/json'],
      ['User-Agent', `zekt/${version}`],
      ['Zekt-Signature', signature],
      ...(target.spec.compatibility === 'zitadel' ? [['ZITADEL-Signature', signature] as const] : []),
      ['Zekt-Delivery', deliveryId],
      ['Zekt-Attempt', String(attempt)],
      ...(isEvent ? standardWebhooksHeaders(keys, deliveryId, seconds, bytes) : []),
    ],
  };
}

/** What a target answered: the status, and the value of a body that there is. */
export interface TargetAnswer {
  readonly status: number;
  /** Undefined: the body is empty. */
  readonly body: unknown;
}

/**
 * Sends a call and judges its answer. No redirect is followed.
 *
 * @param withinMs what is left of the time for the whole
 * @throws HookFailure for every answer that is no success, and for none
 */
export async function sendCall(
  { transport, proxyFor, clock }: Calling,
  { id, target, bytes, headers }: PreparedCall,
  withinMs = Infinity,
): Promise<TargetAnswer> {
  const { endpoint, timeout, type } = target.spec;
  const timeoutMs = Math.ceil(goDurationMs(timeout));
  if (withinMs <= 0) throw new HookFailure('timeout', `There was no time left for the hook '${id}'.`);
  const proxy = proxyOf(proxyFor(endpoint));
  const request = { method: 'POST', url: endpoint, headers, body: bytes, mostAnswerBytes };
  const answer = await transport(
    { ...request, withinMs: Math.ceil(Math.min(withinMs, timeoutMs)) },
    { timeoutMs, ...(proxy && { proxy }) },
  ).catch((error: unknown) => {
    throw noAnswer(id, error);
  });
  return readAnswer(id, type === 'restCall', answer, clock.now());
}

/** The operator named it in the environment. */
const proxyOf = (url: string): ProxyAddress | null => (url === '' ? null : { url, isTrusted: true });

function readAnswer(id: string, isBodyWanted: boolean, answer: Answer, nowMs: number): TargetAnswer {
  const failure = failureOfStatus(id, answer, nowMs);
  if (failure) throw failure;
  const { status, text } = answer;
  const parsed = parseAnswer(text);
  if (parsed === 'empty') return { status, body: undefined };
  if (parsed === 'broken') {
    // Nobody asked for the body of a webhook's answer.
    if (!isBodyWanted) return { status, body: undefined };
    throw new HookFailure('answer', `The hook '${id}' answered with what is not JSON.`, { status });
  }
  const forwarded = forwardedBy(id, status, parsed.body);
  if (forwarded) throw forwarded;
  return { status, body: parsed.body };
}

function noAnswer(id: string, cause: unknown): HookFailure {
  if (cause instanceof TimedOutError)
    return new HookFailure('timeout', `The hook '${id}' did not answer in time.`, { cause });
  if (cause instanceof ForbiddenAddressError)
    return new HookFailure('refused_address', `The address of the hook '${id}' may not be called.`, { cause });
  return new HookFailure('unreachable', `The hook '${id}' could not be reached.`, { cause });
}
