import { ZektError } from '../errors.ts';
import {
  allServices,
  lifeDocumentId,
  offeredDocumentId,
  repositoryPartition,
  serviceDocumentId,
  serviceLabelPartition,
} from '../identity/keys.ts';
import type { DocumentStore } from '../ports/document-store.ts';
import { changeSubscription } from './change-subscription.ts';
import { unpointAlias } from './claim-alias.ts';
import { deadKeptMs, releaseName, type Life } from './claim-name.ts';
import { decideSubscription } from './decide-subscription.ts';
import { findService, labelOf, type ServiceDocument, type ServicePointer } from './service.ts';
import { subscriptionsOf, type SubscriptionDocument } from './subscription.ts';
import { publicNameOf } from './visibility.ts';

/**
 * Revokes a service's subscriptions, then removes it. Its runs are blocked from then on. Another one may have its label, under another id.
 *
 * @throws ZektError `not_found`
 */
export async function removeService(store: DocumentStore, label: string, by: string, nowMs: number): Promise<void> {
  const found = (await findService(store, label))?.body;
  if (!found) throw new ZektError('not_found', `There is no service '${label}'.`);
  for await (const page of subscriptionsOf(store, found.provider, found.id))
    for (const subscription of page) await end(store, found, subscription, by, nowMs);
  const over: Life = { isOver: true };
  await store.commit({
    partition: repositoryPartition(found.provider),
    writes: [
      { kind: 'delete', id: serviceDocumentId(found.id) },
      { kind: 'delete', id: offeredDocumentId(found.workflow) },
      { kind: 'put', id: lifeDocumentId(found.id), body: over, expiresAt: nowMs + deadKeptMs },
    ],
  });
  await unpointAlias(store, found);
  const listed = await store.get<ServicePointer>(allServices, labelOf(found));
  if (listed?.body.id === found.id)
    await store.commit({
      partition: allServices,
      writes: [{ kind: 'delete', id: labelOf(found), etag: listed.etag }],
    });
  await releaseName(store, serviceLabelPartition(label), found.id);
}

/** Its consumers go on seeing it under the name that they knew. */
async function end(
  store: DocumentStore,
  service: ServiceDocument,
  subscription: SubscriptionDocument,
  by: string,
  nowMs: number,
): Promise<void> {
  const { id, state } = subscription;
  if (state === 'approved' || state === 'pending' || state === 'suspended') {
    const reason = 'The service was removed.';
    await decideSubscription(store, id, { state: 'revoked', by, side: 'operator', reason }, nowMs);
  }
  const shownAs = publicNameOf(service);
  await changeSubscription(
    store,
    subscription,
    ({ current }) =>
      current && current.shownAs !== shownAs
        ? { next: { ...current, shownAs }, changes: [], revocation: 'unchanged' }
        : null,
    nowMs,
  );
}
