import type { DomainEvent } from '@zekt/contracts';
import { digest } from '../identity/digest.ts';
import { isoTime } from '../ports/clock.ts';

/** Something that happened, as the journal keeps it: once, beside whatever changed. */
export interface JournalEntry {
  /** The same for the same thing, so that work done again writes no second one that a reader could not tell. */
  readonly id: string;
  /** Milliseconds. */
  readonly at: number;
  readonly event: DomainEvent;
  /** Of a decided run: the deliveries that it led to, 50 an entry. */
  readonly deliveries?: readonly string[];
}

export interface EventDetails extends Omit<DomainEvent, 'id' | 'type' | 'at'> {
  /** What makes two events of this type the same one: repeated work then records one event. */
  readonly once: string;
}

/** The entry that reports a domain event; it goes with the outcome that it reports. */
export function journalEntry(
  type: DomainEvent['type'],
  atMs: number,
  { once, ...details }: EventDetails,
  deliveries?: readonly string[],
): JournalEntry {
  const id = `event-${digest(type, once).slice(0, 32)}`;
  const event: DomainEvent = { id, type, at: isoTime(atMs), ...details };
  return { id, at: atMs, event, ...(deliveries && { deliveries }) };
}
