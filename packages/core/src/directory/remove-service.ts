import { ZektError } from '../errors.ts';
import type { DocumentStore } from '../ports/document-store.ts';
import { decideSubscription } from './put-subscription.ts';
import { allServices, getService, providerPartition, servicePartition, workflowPointerId } from './service.ts';
import {
  allSubscriptions,
  consumerPartition,
  findSubscription,
  subscriptionDocumentId,
  subscriptionPartition,
  subscriptionsOf,
} from './subscription.ts';

/**
 * Revokes a service's subscriptions, then removes it. Its runs are blocked from then on.
 *
 * @throws ZektError `not_found`
 */
export async function removeService(store: DocumentStore, service: string, by: string, nowMs: number): Promise<void> {
  const found = await getService(store, service);
  if (!found) throw new ZektError('not_found', `There is no service '${service}'.`);
  for await (const page of subscriptionsOf(store, service)) {
    for (const { name, state } of page) {
      if (state === 'approved' || state === 'pending') {
        await decideSubscription(store, name, { state: 'revoked', by, reason: 'The service was removed.' }, nowMs);
      }
    }
  }
  await store.commit({ partition: servicePartition(service), writes: [{ kind: 'delete', id: 'service' }] });
  const { repositoryId, workflow } = found.body;
  await store.commit({
    partition: providerPartition(repositoryId),
    writes: [{ kind: 'delete', id: workflowPointerId(workflow) }],
  });
  await store.commit({ partition: allServices, writes: [{ kind: 'delete', id: service.toLowerCase() }] });
}

/**
 * Revokes and removes a subscription.
 *
 * @throws ZektError `not_found`
 */
export async function removeSubscription(store: DocumentStore, name: string, by: string, nowMs: number): Promise<void> {
  const found = await findSubscription(store, name);
  if (!found) throw new ZektError('not_found', `There is no subscription '${name}'.`);
  const { service, repositoryId, state } = found.body;
  if (state === 'approved' || state === 'pending') {
    await decideSubscription(store, name, { state: 'revoked', by, reason: 'The subscription was removed.' }, nowMs);
  }
  await store.commit({
    partition: servicePartition(service),
    writes: [{ kind: 'delete', id: subscriptionDocumentId(name) }],
  });
  await store.commit({ partition: consumerPartition(repositoryId), writes: [{ kind: 'delete', id: name }] });
  await store.commit({ partition: allSubscriptions, writes: [{ kind: 'delete', id: name }] });
  await store.commit({ partition: subscriptionPartition(name), writes: [{ kind: 'delete', id: 'subscription' }] });
}
