import { ZektError } from '../errors.ts';
import { domainEvent } from '../events/domain-event.ts';
import { runPartition } from '../identity/run-key.ts';
import { getSubscriptionOf } from '../directory/subscription.ts';
import type { DocumentStore } from '../ports/document-store.ts';
import { updateDocument } from '../ports/update-document.ts';
import { messageDocumentId, type MessageDocument } from '../receive/accept-message.ts';
import { createDelivery, dispatchSessions, unsent, writePointers } from './create-deliveries.ts';
import { deliveryExpiry, deliveryPartition, getDelivery, type DeliveryDocument } from './delivery-document.ts';
import { replayIdOf } from './delivery-id.ts';

/**
 * Sends a delivery's content again, as a new delivery that names the old one.
 *
 * @param key tells one replay from the next; the same key again answers the same new delivery
 * @throws ZektError `not_found`, `payload_gone` after 90 days, or `subscription_not_approved`
 */
export async function replayDelivery(
  store: DocumentStore,
  deliveryId: string,
  key: string,
  nowMs: number,
): Promise<DeliveryDocument> {
  const old = await getDelivery(store, deliveryId);
  if (!old)
    throw new ZektError('not_found', `There is no delivery '${deliveryId}'. \`zekt deliveries\` lists the last ones.`);
  if (old.item !== 'run') {
    const message = await store.get<MessageDocument>(runPartition(old.correlationId), messageDocumentId(old.item));
    if (!message)
      throw new ZektError(
        'payload_gone',
        `The payload of '${deliveryId}' is no longer kept: payloads can be replayed for 90 days.`,
      );
  }
  const subscription = await getSubscriptionOf(store, old.service, old.subscription);
  if (subscription?.body.state !== 'approved') {
    throw new ZektError(
      'subscription_not_approved',
      `The subscription '${old.subscription}' is ${subscription?.body.state ?? 'removed'}; approve it before replaying.`,
    );
  }
  const copy: DeliveryDocument = {
    ...old,
    ...unsent,
    deliveryId: replayIdOf(deliveryId, key),
    createdAt: nowMs,
    after: null,
    replayOf: deliveryId,
  };
  await writePointers(store, [copy]);
  const sessions = await dispatchSessions(store, [copy]);
  const event = domainEvent('delivery.replayed', nowMs, {
    once: copy.deliveryId,
    summary: `${deliveryId} was replayed as ${copy.deliveryId}.`,
    deliveryId: copy.deliveryId,
    correlationId: copy.correlationId,
    service: copy.service,
    subscription: copy.subscription,
    consumerRepositoryId: copy.repositoryId,
  });
  await createDelivery(store, copy, sessions.get(copy.repositoryId) ?? copy.repositoryId, [event]);
  await updateDocument<DeliveryDocument>(store, deliveryPartition(deliveryId), 'delivery', (current) =>
    current && !current.replayedBy.includes(copy.deliveryId)
      ? {
          body: { ...current, replayedBy: [...current.replayedBy, copy.deliveryId].slice(-100) },
          expiresAt: deliveryExpiry(current.createdAt),
        }
      : null,
  );
  return copy;
}
