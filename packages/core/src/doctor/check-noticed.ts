import type { Counters } from '../journal/counters.ts';
import type { DocumentStore } from '../ports/document-store.ts';
import { doubtful, fine, type Check } from './check.ts';

/** What is counted of callers that were refused, and what it can mean. Anybody may send such things: so none of them is a failure. */
const watched = [
  {
    id: 'webhook signatures',
    counter: 'webhooks.bad_signature',
    what: 'webhook(s) with a wrong signature were refused in the last 24 hours',
    fix: "If GitHub sent them, the secret of the App's webhook is not ZEKT_GITHUB_WEBHOOK_SECRET: set both to the same value.",
  },
  {
    id: 'token audience',
    counter: 'tokens.wrong_audience',
    what: 'workflow token(s) for another audience were refused in the last 24 hours',
    fix: "Set ZEKT_PUBLIC_URL to what workflows have as zekt-api-url; for the published client, which asks for 'api://zekt', set ZEKT_OIDC_AUDIENCE to that.",
  },
] as const;

/** @param audience the one that workflows' tokens must have */
export async function checkNoticed(
  { counters, store }: { readonly counters: Counters; readonly store: DocumentStore },
  audience: string,
): Promise<Check[]> {
  const counts = await counters.lastDay(store);
  return watched.map(({ id, counter, what, fix }) => {
    const count = counts[counter] ?? 0;
    if (count > 0) return doubtful(id, `${count} ${what}.`, fix);
    return fine(
      id,
      id === 'token audience'
        ? `Tokens of workflows must be for '${audience}'; none for another was refused.`
        : 'No wrong signature in the last 24 hours.',
    );
  });
}
