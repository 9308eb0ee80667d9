import type { DispatchAnswer } from '@zekt/core';
import { redact } from './redact.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number | string[] | undefined>>;
  /** GitHub's own `message`. */
  readonly message: string;
}

const advice = {
  missingRight:
    "the installation lacks 'Contents: write', or its new permissions were not accepted, or the repository is archived",
  notVisible: 'the repository is deleted, or the App was removed from it',
} as const;

/**
 * What an answer of GitHub's REST API means for a delivery.
 *
 * Limits come as 403 or 429 and are read in the order that GitHub's documentation gives ("Rate limits for the REST API"): `retry-after`,
 * then `x-ratelimit-reset` when nothing remains, else at least a minute, doubling.
 */
export function classifyAnswer({ status, headers, message }: Answer, nowMs: number): DispatchAnswer {
  if (status >= 200 && status < 300) return { kind: 'accepted', status };
  const reason = redact(`GitHub answered ${status}: ${message || 'no message'}`);
  if (status === 403 || status === 429) {
    const until = quietUntil(headers, nowMs);
    if (until !== null) return { kind: 'limited', status, reason, notBefore: until };
    if (status === 429 || /rate limit|abuse detection/i.test(message))
      return { kind: 'limited', status, reason, notBefore: null };
    if (/suspended/i.test(message)) return { kind: 'suspended', reason };
    return { kind: 'refused', status, reason: `${reason} (${advice.missingRight})` };
  }
  if (status === 404) return { kind: 'refused', status, reason: `${reason} (${advice.notVisible})` };
  if (status === 401 || status === 408 || status === 409 || status >= 500) return { kind: 'retry', status, reason };
  return { kind: 'refused', status, reason };
}

/** When GitHub allows the next request (ms), or null when it names no time. */
function quietUntil(headers: Answer['headers'], nowMs: number): number | null {
  const retryAfter = headers['retry-after'];
  if (retryAfter !== undefined) {
    const seconds = Number(retryAfter);
    const until = Number.isFinite(seconds) ? nowMs + seconds * 1000 : Date.parse(String(retryAfter));
    if (Number.isFinite(until)) return until;
  }
  const reset = Number(headers['x-ratelimit-reset']);
  return String(headers['x-ratelimit-remaining']) === '0' && Number.isFinite(reset) ? reset * 1000 : null;
}
