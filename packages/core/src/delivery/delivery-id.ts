import { guidOf } from '../identity/digest.ts';

/** The same content for the same receiver has the same id, however often it is decided. */
export const deliveryIdOf = (
  correlationId: string,
  itemKey: string,
  subscription: string,
  repositoryId: string,
): string => `delivery-${guidOf(correlationId, itemKey, subscription, repositoryId)}`;

/** A replay is a delivery of its own; `key` tells one replay from the next. */
export const replayIdOf = (deliveryId: string, key: string): string => `delivery-${guidOf('replay', deliveryId, key)}`;

/** The delivery id in a text, such as the `run-name` that a consumer gave its run; null without exactly one form of it. */
export function findDeliveryId(text: string | null): string | null {
  return text === null
    ? null
    : (/delivery-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-f])/.exec(text)?.[0] ?? null);
}
