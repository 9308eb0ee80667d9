import { getRepository } from '../directory/repository.ts';
import { getSubscription, takesEventType } from '../directory/subscription.ts';
import { findDelivery, unsent, type DeliveryDocument } from '../dispatch/delivery-document.ts';
import { connectionEntry, writeOf } from '../dispatch/record.ts';
import { ZektError } from '../errors.ts';
import { sendHint } from '../hints.ts';
import { correlationIdOf, deliveryPartition, repositoryIdOf } from '../identity/keys.ts';
import { runItem } from '../identity/opaque.ts';
import { reports } from '../journal/append.ts';
import { journalEntry, type JournalEntry } from '../journal/entry.ts';
import { commitDecided } from '../ports/commit-decided.ts';
import type { DocumentStore } from '../ports/document-store.ts';
import { getMessage } from '../receive/message-document.ts';
import { readDelivery } from './read-deliveries.ts';
import type { TrackContext } from './report.ts';

/**
 * Sends a delivery's content again, as a new delivery that names the old one.
 *
 * @param key tells one replay from the next; the same key again answers the same new delivery
 * @throws ZektError `not_found`, `unavailable` while it is still to be sent for the first time, `payload_gone` after 90 days, or
 * `subscription_not_approved`
 */
export async function replayDelivery(
  context: TrackContext,
  deliveryId: string,
  key: string,
  nowMs: number,
): Promise<DeliveryDocument> {
  const { store, bus, ids, listeners } = context;
  return commitDecided(bus, async () => {
    const old = await findDelivery(store, deliveryId);
    if (!old) throw await unrecorded(context, deliveryId, nowMs);
    await requirePayload(store, old.body);
    await requireRight(store, old.body);
    const newId = ids.replay(deliveryId, key);
    const known = await findDelivery(store, newId);
    const copy: DeliveryDocument = known?.body ?? {
      ...old.body,
      ...unsent,
      deliveryId: newId,
      createdAt: nowMs,
      readyAt: nowMs,
      updatedAt: nowMs,
      after: null,
      replayOf: deliveryId,
    };
    const replayedBy = [...old.body.replayedBy.filter((id) => id !== newId), newId].slice(-100);
    const { installationId = null } = (await getRepository(store, copy.consumer)) ?? {};
    const { journal, messages } = reports([replayed(copy)], listeners);
    return {
      value: copy,
      work: {
        batches: [
          ...(known ? [] : [{ partition: deliveryPartition(newId), writes: [writeOf(null, copy)] }]),
          connectionEntry(copy),
          {
            partition: deliveryPartition(deliveryId),
            writes: old.body.replayedBy.includes(newId) ? [] : [writeOf(old, { ...old.body, replayedBy })],
          },
        ],
        journal,
        messages: [
          sendHint({ kind: 'send', deliveryId: newId, run: copy.run, planned: null }, { ...copy, installationId }),
          ...messages,
        ],
      },
    };
  });
}

async function unrecorded(context: TrackContext, deliveryId: string, nowMs: number): Promise<ZektError> {
  if (await readDelivery(context, deliveryId, nowMs))
    return new ZektError(
      'unavailable',
      `The delivery '${deliveryId}' is being sent for the first time, or its dispatch is being recorded. Try again.`,
      { retryAfterMs: 2000 },
    );
  return new ZektError('not_found', `There is no delivery '${deliveryId}'. \`zekt deliveries\` lists the last ones.`);
}

async function requirePayload(store: DocumentStore, { item, run, deliveryId }: DeliveryDocument): Promise<void> {
  if (item === runItem || (await getMessage(store, run, item))) return;
  throw new ZektError(
    'payload_gone',
    `The payload of '${deliveryId}' is no longer kept: payloads can be replayed for 90 days.`,
  );
}

/** The right that the delivery was sent by: of the same id and repository, whatever the names are now. */
async function requireRight(
  store: DocumentStore,
  { run, serviceId, subscriptionId, subscription, consumer, eventType }: DeliveryDocument,
): Promise<void> {
  const pointer = { provider: run.repository, serviceId, id: subscriptionId };
  const found = (await getSubscription(store, pointer))?.body;
  if (found?.consumer === consumer && takesEventType(found, eventType)) return;
  const state =
    found?.consumer !== consumer ? 'removed' : found.granted ? `${found.state}, for other events` : found.state;
  throw new ZektError(
    'subscription_not_approved',
    `The subscription '${subscription}' is ${state}; approve it before replaying.`,
  );
}

function replayed(copy: DeliveryDocument): JournalEntry {
  const { deliveryId, replayOf, run, service, subscription, consumer, createdAt } = copy;
  const entry = journalEntry('delivery.replayed', createdAt, {
    once: deliveryId,
    summary: `${replayOf ?? ''} was replayed as ${deliveryId}.`,
    deliveryId,
    correlationId: correlationIdOf(run),
    service,
    subscription,
    consumerRepositoryId: repositoryIdOf(consumer),
  });
  return { ...entry, planned: { run, deliveries: [deliveryId] } };
}
