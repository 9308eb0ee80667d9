import { deliveryOf, type Lane, type RunDocument } from '../correlate/run-document.ts';
import type { OpaqueIds } from '../identity/opaque.ts';
import { unsent, type DeliveryDocument } from './delivery-document.ts';

/** A delivery that nothing has come of yet, as the plan of its run has it; null where the plan has none such. */
export function plannedDelivery(
  ids: OpaqueIds,
  document: RunDocument,
  lane: Lane,
  itemIndex: number,
): DeliveryDocument | null {
  const { run, facts, service, workflow, completedAt, decidedAt, items } = document;
  const item = items[itemIndex];
  if (!item || !facts || !service || !lane.items.includes(itemIndex)) return null;
  const { deliveryId, after } = deliveryOf(ids, document, lane, itemIndex);
  return {
    ...unsent,
    deliveryId,
    run,
    item: item.key,
    itemAt: item.receivedAt,
    readyAt: Math.max(completedAt ?? decidedAt, item.receivedAt),
    eventId: item.eventId,
    eventType: item.eventType,
    serviceId: service.id,
    service: service.label,
    subscriptionId: lane.subscriptionId,
    subscription: lane.subscription,
    consumer: lane.consumer,
    repository: lane.repository,
    facts,
    workflow: workflow ?? '',
    durable: lane.durable,
    ...(service.publicName !== null && { alias: service.publicName }),
    after,
    createdAt: decidedAt,
    updatedAt: decidedAt,
  };
}
