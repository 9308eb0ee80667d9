import { ZektError } from '../errors.ts';
import {
  allSubscriptions,
  consumedDocumentId,
  pointerId,
  repositoryPartition,
  subscriptionNamePartition,
  subscriptionPartition,
  type RepositoryRef,
} from '../identity/keys.ts';
import type { DocumentStore } from '../ports/document-store.ts';
import type { SubscriptionPlace } from './change-subscription.ts';
import { claimName, deadKeptMs, endUnborn, releaseName } from './claim-name.ts';
import { getSubscription, type RemovedPointer, type SubscriptionPointer } from './subscription.ts';

/**
 * Writes a new subscription under a name, and the ways to it. The ways come first: one that leads nowhere does no harm, while a right that
 * nobody could find could not be taken back.
 *
 * @param write writes the subscription under this id
 * @returns what was written, or null when the name is another's
 */
export async function nameSubscription<T>(
  store: DocumentStore,
  name: string,
  place: SubscriptionPlace,
  write: (id: string) => Promise<T>,
  nowMs: number,
): Promise<T | null> {
  const claimed = await claimName<SubscriptionPlace>(
    store,
    subscriptionNamePartition(name),
    place,
    {
      isOurs: ({ consumer, provider, serviceId }) =>
        consumer === place.consumer && provider === place.provider && serviceId === place.serviceId,
      isAbandoned: (claim) => endUnborn(store, claim, nowMs),
    },
    nowMs,
  );
  if (!claimed) return null;
  const { provider, serviceId, id, consumer } = claimed;
  const pointer: SubscriptionPointer = { provider, serviceId, id };
  for (const [partition, documentId] of waysTo(name, id, consumer))
    await store.commit({ partition, writes: [{ kind: 'put', id: documentId, body: pointer }] });
  try {
    return await write(id);
  } catch (error) {
    // Refused before anything was written, because another request of the consumer waits, or too many do: the name is free again.
    const isRefused = error instanceof ZektError && (error.code === 'conflict' || error.code === 'too_many_requests');
    if (isRefused && !(await getSubscription(store, pointer)))
      await unnameSubscription(store, { name, ...claimed }, nowMs);
    throw error;
  }
}

const waysTo = (name: string, id: string, consumer: RepositoryRef): readonly (readonly [string, string])[] => [
  [subscriptionPartition(id), pointerId],
  [repositoryPartition(consumer), consumedDocumentId(id)],
  [allSubscriptions, name],
];

/** Removes the ways to a subscription that is there no more. */
export async function unnameSubscription(
  store: DocumentStore,
  { name, provider, serviceId, id, consumer }: SubscriptionPlace & { readonly name: string },
  nowMs: number,
): Promise<void> {
  const listed = await store.get<SubscriptionPointer>(allSubscriptions, name);
  if (listed?.body.id === id)
    await store.commit({ partition: allSubscriptions, writes: [{ kind: 'delete', id: name, etag: listed.etag }] });
  await store.commit({
    partition: repositoryPartition(consumer),
    writes: [{ kind: 'delete', id: consumedDocumentId(id) }],
  });
  await releaseName(store, subscriptionNamePartition(name), id);
  const body: RemovedPointer = { provider, serviceId, id, removedAt: nowMs };
  await store.commit({
    partition: subscriptionPartition(id),
    writes: [{ kind: 'put', id: pointerId, body, expiresAt: nowMs + deadKeptMs }],
  });
}

/** Whether a subscription was removed, rather than not being visible yet. */
export async function isRemoved(store: Pick<DocumentStore, 'get'>, id: string): Promise<boolean> {
  const pointer = await store.get<SubscriptionPointer | RemovedPointer>(subscriptionPartition(id), pointerId);
  return pointer !== null && 'removedAt' in pointer.body;
}
