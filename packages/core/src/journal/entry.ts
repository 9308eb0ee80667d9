import type { DomainEvent } from '@zekt/contracts';
import { digest } from '../identity/digest.ts';
import type { RunKey } from '../identity/keys.ts';
import { isoTime } from '../ports/clock.ts';

/** Something that happened, as the journal keeps it: once, beside whatever changed. */
export interface JournalEntry {
  /** The same for the same thing, so that readers can drop what work done again has written twice. */
  readonly id: string;
  /** Milliseconds. */
  readonly at: number;
  /** What it tells people and listeners; null where it only says what else belongs to an event before it. */
  readonly event: DomainEvent | null;
  /** Deliveries that a run, or somebody's replay, has led to: 50 an entry. */
  readonly planned?: { readonly run: RunKey; readonly deliveries: readonly string[] };
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
): JournalEntry {
  const id = `event-${digest(type, once).slice(0, 32)}`;
  return { id, at: atMs, event: { id, type, at: isoTime(atMs), ...details } };
}
