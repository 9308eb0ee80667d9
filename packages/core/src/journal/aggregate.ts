import type { DomainEvent } from '@zekt/contracts';

/** What an event is about: the events of one aggregate are told in order. */
export interface Aggregate {
  readonly type: string;
  readonly id: string;
}

/** An event that names nothing it is about is alone. */
export function aggregateOf(event: DomainEvent): Aggregate {
  const [first = ''] = event.type.split('.');
  const type = first === 'message' ? 'run' : first;
  const ids: Readonly<Record<string, string | undefined>> = {
    run: event.correlationId,
    delivery: event.deliveryId,
    subscription: event.subscription,
    service: event.service,
    approval: event.approvalId,
  };
  return { type, id: (Object.hasOwn(ids, type) ? ids[type] : undefined) ?? event.id };
}
