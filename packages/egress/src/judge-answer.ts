import type { Answer } from './transport.ts';

/** What an answer means for trying again. `reason` holds the beginning of what the destination said. */
export type Verdict =
  | { readonly kind: 'done' }
  /** Something passing. */
  | { readonly kind: 'again'; readonly reason: string }
  /** It asks for quiet, for this long if it says so. */
  | { readonly kind: 'limited'; readonly afterMs: number | null; readonly reason: string }
  /** Trying again can't help until a person changes something. */
  | { readonly kind: 'refused'; readonly reason: string };

/** The most that a destination may make us wait. */
const longestWaitMs = 3_600_000;
const shownChars = 300;

/** The status with the beginning of the answer's text, on one line. */
export function describeAnswer({ status, text, shown = text }: Answer): string {
  const said = shown.replace(/\s+/g, ' ').trim().slice(0, shownChars).toWellFormed();
  return said === '' ? `It answered ${status}.` : `It answered ${status}: ${said}`;
}

/** At the beginning of a 200: an endpoint that echoes what it was told must not be told it again because of the words in it. */
const teamsLimit =
  /^\s*(?:Webhook message delivery failed with error: )?Microsoft Teams endpoint returned HTTP error 429/i;

/** What the status of an HTTP answer means, with `Retry-After`; and the text of a 200 in which Teams' connectors hide a 429. */
export function judgeAnswer(answer: Answer, nowMs: number): Verdict {
  const { status, headers, text } = answer;
  const reason = describeAnswer(answer);
  const afterMs = waitAsked(headers['retry-after'], nowMs);
  if (status === 429 || (status === 200 && teamsLimit.test(text))) return { kind: 'limited', afterMs, reason };
  if (status === 503 && afterMs !== null) return { kind: 'limited', afterMs, reason };
  if (status === 0 || status === 408 || (status >= 500 && status !== 501)) return { kind: 'again', reason };
  if (status >= 200 && status < 300) return { kind: 'done' };
  if (status >= 300 && status < 400)
    return { kind: 'refused', reason: `${reason} (redirects are not followed: give the address that it leads to)` };
  return { kind: 'refused', reason };
}

/** `Retry-After`: seconds or an HTTP date (RFC 9110, section 10.2.3). */
export function waitAsked(header: string | string[] | undefined, nowMs: number): number | null {
  if (typeof header !== 'string') return null;
  const wait = /^\d+(?:\.\d+)?$/.test(header) ? Number(header) * 1000 : Date.parse(header) - nowMs;
  return Number.isFinite(wait) ? Math.min(Math.max(Math.ceil(wait), 0), longestWaitMs) : null;
}
