import { broken, doubtful, fine, type Check, type Clock, type DocumentStore } from '@zekt/core';
import { fixOfProvider } from './fix-of-provider.ts';
import { shownKey } from './resources/object-key.ts';
import { allProviders, type ProviderDocument } from './resources/provider-document.ts';
import { getProviderState, type ProviderState } from './resources/provider-state.ts';

/** Refusals that pass by themselves. */
const passing = [408, 425, 429];

/** How the destinations of notifications are, by what they last answered. Sends nothing. */
export async function checkProviders({
  store,
  clock,
}: {
  readonly store: DocumentStore;
  readonly clock: Pick<Clock, 'now'>;
}): Promise<readonly Check[]> {
  const providers = await allProviders(store);
  if (providers.length === 0) return [fine('providers', 'No notification provider is set up.')];
  return Promise.all(
    providers.map(async (provider) => checkProvider(provider, await getProviderState(store, provider), clock.now())),
  );
}

function checkProvider(provider: ProviderDocument, state: ProviderState, nowMs: number): Check {
  const name = shownKey(provider);
  const id = `provider ${name}`;
  if (provider.spec.suspend === true) return fine(id, `The provider ${name} is suspended: nothing is sent.`);
  const { lastError, lastSuccessAt, openUntil } = state;
  if (lastError === null || (lastSuccessAt !== null && lastSuccessAt >= lastError.at))
    return fine(
      id,
      lastSuccessAt === null ? `Nothing was sent to ${name} yet.` : `The last sending to ${name} went well.`,
    );
  const { status, reason } = lastError;
  const isRefused = status !== null && status >= 400 && status < 500 && !passing.includes(status);
  const sentence = `The last sending to ${name} failed: ${reason}`;
  return isRefused || openUntil > nowMs
    ? broken(id, sentence, fixOfProvider(name))
    : doubtful(id, `${sentence} It is tried again.`, fixOfProvider(name));
}
