import { ForbiddenAddressError, type Post } from '@zekt/egress';

/** What came of posting a card. `reason` never holds the URL. */
export type PostOutcome =
  | { readonly kind: 'posted' }
  | { readonly kind: 'again'; readonly afterMs: number | null; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string };

/** The most that a destination may make us wait. */
const longestWaitMs = 3_600_000;

/** Posts a card to a webhook of Teams, or of something that takes the same. */
export async function postCard(post: Post, url: string, card: object, nowMs: number): Promise<PostOutcome> {
  const parsed = URL.parse(url);
  if (!parsed || !['http:', 'https:'].includes(parsed.protocol))
    return { kind: 'failed', reason: 'The secret does not hold a URL.' };
  try {
    const { status, headers, text } = await post(url, JSON.stringify(card), { 'content-type': 'application/json' });
    // Classic connectors put the limit into the text of a 200.
    const isLimited = status === 429 || (status === 200 && /HTTP error 429/i.test(text));
    if (isLimited || status >= 500 || status === 408)
      return {
        kind: 'again',
        afterMs: waitAsked(headers['retry-after'], nowMs),
        reason: `It answered ${isLimited ? 429 : status}.`,
      };
    if (status >= 200 && status < 300) return { kind: 'posted' };
    return {
      kind: 'failed',
      reason: `It answered ${status}. Is the URL still that of the flow, and does it take posts of anyone?`,
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown failure';
    return error instanceof ForbiddenAddressError
      ? { kind: 'failed', reason }
      : { kind: 'again', afterMs: null, reason };
  }
}

function waitAsked(header: string | string[] | undefined, nowMs: number): number | null {
  if (typeof header !== 'string') return null;
  const wait = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - nowMs;
  return Number.isFinite(wait) ? Math.min(Math.max(wait, 0), longestWaitMs) : null;
}
