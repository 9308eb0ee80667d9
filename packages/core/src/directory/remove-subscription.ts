import { historyDocumentId, lifeDocumentId, repositoryPartition, subscriptionDocumentId } from '../identity/keys.ts';
import type { DocumentStore } from '../ports/document-store.ts';
import { deadKeptMs, type Life } from './claim-name.ts';
import { decideSubscription, noSuchSubscription } from './decide-subscription.ts';
import { unnameSubscription } from './name-subscription.ts';
import { findSubscription, type SubscriptionState } from './subscription.ts';

/** States from which nothing comes any more, unless somebody asks or gives again. */
const isOver = (state: SubscriptionState): boolean => state === 'revoked' || state === 'rejected';

/**
 * Revokes and removes a subscription.
 *
 * @param idOrName of the subscription
 * @throws ZektError `not_found`
 */
export async function removeSubscription(
  store: DocumentStore,
  idOrName: string,
  by: string,
  nowMs: number,
): Promise<void> {
  const found = (await findSubscription(store, idOrName))?.body;
  if (!found) throw noSuchSubscription(idOrName);
  if (!isOver(found.state)) {
    const reason = 'The subscription was removed.';
    await decideSubscription(store, found.id, { state: 'revoked', by, side: 'operator', reason }, nowMs);
  }
  const over: Life = { isOver: true };
  await store.commit({
    partition: repositoryPartition(found.provider),
    writes: [
      { kind: 'delete', id: subscriptionDocumentId(found.serviceId, found.id) },
      { kind: 'delete', id: historyDocumentId(found.id) },
      { kind: 'put', id: lifeDocumentId(found.id), body: over, expiresAt: nowMs + deadKeptMs },
    ],
  });
  await unnameSubscription(store, found, nowMs);
}
