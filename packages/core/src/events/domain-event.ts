import type { DomainEvent, DomainEventType } from '@zekt/contracts';
import { digest } from '../identity/digest.ts';
import type { BusMessage } from '../ports/bus.ts';
import { isoTime } from '../ports/clock.ts';

export interface EventDetails extends Omit<DomainEvent, 'id' | 'type' | 'at'> {
  /** What makes two events of this type the same one: repeated work then records one event. */
  readonly once: string;
}

/** The bus message that records a domain event; commit it with the change that it reports. */
export function domainEvent(type: DomainEventType, atMs: number, { once, ...details }: EventDetails): BusMessage {
  const event: DomainEvent = { id: `event-${digest(type, once).slice(0, 32)}`, type, at: isoTime(atMs), ...details };
  return { queue: 'events', id: event.id, session: `events-${event.id.slice(6, 8)}`, body: event };
}
