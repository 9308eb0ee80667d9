import type { SubscriptionDocument } from '../directory/subscription.ts';
import { deliveryIdOf } from '../delivery/delivery-id.ts';
import type { Item } from './decide.ts';
import { takesConclusion, takesEventType } from './match.ts';

export interface PlannedDelivery {
  readonly deliveryId: string;
  readonly item: Item;
  readonly eventType: string;
  readonly subscription: SubscriptionDocument;
  /** The delivery of the same run to the same subscription that must be sent before this one. */
  readonly after: string | null;
}

export interface Plan {
  readonly correlationId: string;
  readonly conclusion: string | null;
  /** Of the service, for the run itself. */
  readonly eventType: string;
  readonly items: readonly Item[];
  /** Items before this index have been decided before; they count only for the order. */
  readonly from: number;
}

/** Who gets what: each item for each subscription that wants it, with identities that depend on nothing but what and to whom. */
export function planDeliveries(plan: Plan, subscriptions: readonly SubscriptionDocument[]): PlannedDelivery[] {
  return subscriptions.flatMap((subscription) => {
    if (!takesConclusion(subscription, plan.conclusion)) return [];
    const planned: PlannedDelivery[] = [];
    let after: string | null = null;
    plan.items.forEach((item, index) => {
      const eventType = item.eventType ?? plan.eventType;
      if (!takesEventType(subscription, eventType)) return;
      const deliveryId = deliveryIdOf(plan.correlationId, item.key, subscription.name, subscription.repositoryId);
      if (index >= plan.from) planned.push({ deliveryId, item, eventType, subscription, after });
      after = deliveryId;
    });
    return planned;
  });
}
