import { takesConclusion, takesEventType, type SubscriptionDocument } from '../directory/subscription.ts';
import type { Item, Lane } from './run-document.ts';

/**
 * Who gets what: each item for each subscription that may have it. Lanes that are there already keep their place and what they have, so
 * that adding items later changes nothing that was decided before.
 *
 * @param from items before this one were decided before
 */
export function planLanes(
  items: readonly Item[],
  conclusion: string | null,
  subscriptions: readonly SubscriptionDocument[],
  before: readonly Lane[] = [],
  from = 0,
): Lane[] {
  const taken = new Map<string, number[]>();
  for (const subscription of subscriptions) {
    if (!takesConclusion(subscription, conclusion)) continue;
    const own = items.flatMap(({ eventType }, index) =>
      index >= from && takesEventType(subscription, eventType) ? [index] : [],
    );
    if (own.length > 0) taken.set(subscription.id, own);
  }
  const known = new Set(before.map(({ subscriptionId }) => subscriptionId));
  return [
    ...before.map((lane) => ({ ...lane, items: [...lane.items, ...(taken.get(lane.subscriptionId) ?? [])] })),
    ...subscriptions.flatMap((subscription): Lane[] => {
      const own = taken.get(subscription.id);
      return own && !known.has(subscription.id) ? [{ ...laneFor(subscription), items: own }] : [];
    }),
  ];
}

const laneFor = ({
  id,
  name,
  consumer,
  repository,
  installationId,
  durable,
}: SubscriptionDocument): Omit<Lane, 'items'> => ({
  subscriptionId: id,
  subscription: name,
  consumer,
  repository,
  installationId,
  durable,
});
