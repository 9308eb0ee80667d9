import { ForbiddenAddressError, judgeAnswer, type Post } from '@zekt/egress';

/** What came of posting a card. `reason` never holds the URL. */
export type PostOutcome =
  | { readonly kind: 'posted' }
  | { readonly kind: 'again'; readonly afterMs: number | null; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string };

/** Posts a card to a webhook of Teams, or of something that takes the same. */
export async function postCard(post: Post, url: string, card: object, nowMs: number): Promise<PostOutcome> {
  const parsed = URL.parse(url);
  if (!parsed || !['http:', 'https:'].includes(parsed.protocol))
    return { kind: 'failed', reason: 'The secret does not hold a URL.' };
  try {
    const answer = await post(url, JSON.stringify(card), { 'content-type': 'application/json' });
    const verdict = judgeAnswer(answer, nowMs);
    // What it said is not shown: an answer may repeat the address that it came from.
    const said = `It answered ${answer.status}`;
    switch (verdict.kind) {
      case 'done':
        return { kind: 'posted' };
      case 'limited':
        return { kind: 'again', afterMs: verdict.afterMs, reason: 'It answered 429.' };
      case 'again':
        return { kind: 'again', afterMs: null, reason: `${said}.` };
      case 'refused':
        return {
          kind: 'failed',
          reason: `${said}. Is the URL still that of the flow, and does it take posts of anyone?`,
        };
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown failure';
    return error instanceof ForbiddenAddressError
      ? { kind: 'failed', reason }
      : { kind: 'again', afterMs: null, reason };
  }
}
