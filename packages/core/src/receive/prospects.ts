import type { ReceiveAnswer } from '@zekt/contracts';
import type { Card } from '../directory/card.ts';
import { labelOf, type ServiceDocument } from '../directory/service.ts';
import { grantInForce, takesEventType } from '../directory/subscription.ts';

export type Undelivered = NonNullable<ReceiveAnswer['undelivered']>;

export interface Prospects {
  /** How many would get the message now. */
  readonly consumers: number;
  /** Why nobody would; null where somebody does. */
  readonly undelivered: Undelivered | null;
}

/** Who will get a message as things stand, and if nobody, why and what to do about it. Nothing of who the consumers are. */
export function prospectsOf(
  { subscriptions }: Pick<Card, 'subscriptions'>,
  service: ServiceDocument | null,
  workflow: string,
  eventType: string,
): Prospects {
  if (!service)
    return nobody({
      code: 'not_allow_listed',
      reason: `The workflow '${workflow}' is not allow-listed as a service, so its messages are kept without their payload and not delivered.`,
      fix: 'Apply a Service for it: zekt apply -f service.yaml',
    });
  const label = labelOf(service);
  const own = subscriptions.filter(({ serviceId }) => serviceId === service.id);
  const granted = own.filter((it) => grantInForce(it) !== null);
  const consumers = granted.filter((it) => takesEventType(it, eventType)).length;
  if (consumers > 0) return { consumers, undelivered: null };
  if (granted.length > 0)
    return nobody({
      code: 'event_type_not_taken',
      reason: `No consumer of '${label}' takes the event type '${eventType}'.`,
      fix: `Add it to 'eventTypes' of the service, and let the consumers ask for it; or send one that they take.`,
    });
  const waiting = own.filter(({ state }) => state === 'pending').length;
  if (waiting > 0)
    return nobody({
      code: 'pending',
      reason: `${waiting} request${waiting === 1 ? '' : 's'} for '${label}' wait${waiting === 1 ? 's' : ''} for an answer, and nobody is approved yet.`,
      fix: 'Answer them: zekt subscriptions approve NAME',
    });
  return nobody({
    code: 'no_subscription',
    reason: `'${label}' has no approved consumer.`,
    fix: 'A consumer applies a Subscription to it, and its provider or an operator approves that.',
  });
}

const nobody = (undelivered: Undelivered): Prospects => ({ consumers: 0, undelivered });
