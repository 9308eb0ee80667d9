import { serviceId, type ServiceDocument } from '../directory/service.ts';
import { subscriptionsOf, type SubscriptionDocument } from '../directory/subscription.ts';
import type { DocumentStore } from '../ports/document-store.ts';

const admits = (filter: readonly string[], value: string): boolean => filter.includes('*') || filter.includes(value);

/** Whether a subscription wants this event type. */
export const takesEventType = (subscription: SubscriptionDocument, eventType: string): boolean =>
  subscription.state === 'approved' && admits(subscription.eventTypes, eventType);

/** Whether a subscription wants runs that ended like this. */
export const takesConclusion = (subscription: SubscriptionDocument, conclusion: string | null): boolean =>
  admits(subscription.conclusions, conclusion ?? 'neutral');

/** How many consumers would get a message now, if its run ended as they like. */
export async function countMatching(
  store: DocumentStore,
  service: ServiceDocument,
  eventType: string,
): Promise<number> {
  let count = 0;
  for await (const page of subscriptionsOf(store, serviceId(service.owner, service.name))) {
    count += page.filter((subscription) => takesEventType(subscription, eventType)).length;
  }
  return count;
}
