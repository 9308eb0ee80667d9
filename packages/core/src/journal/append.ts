import type { DomainEvent } from '@zekt/contracts';
import { complete, type BusMessage, type Handler, type Work } from '../ports/bus.ts';
import { eventSession } from '../identity/keys.ts';
import { aggregateOf } from './aggregate.ts';
import { journalEntry, type EventDetails, type JournalEntry } from './entry.ts';

/** Who wants to be told of events beside those who read the journal: notifications, hooks. */
export interface Listeners {
  /** Whether anybody does. Answered from memory: it is asked for each event. */
  want(event: DomainEvent): boolean;
  /** What follows from an event: the same for the same event, however often it is told. */
  tell(event: DomainEvent): Promise<Work>;
}

export const nobody: Listeners = { want: () => false, tell: async () => ({}) };

/** What the queue of events is given. */
interface EventWork {
  readonly entry: JournalEntry;
  /** The journal has it already; only listeners are still to be told. */
  readonly isKept: boolean;
}

const eventMessage = (entry: JournalEntry, isKept: boolean): BusMessage => {
  const body: EventWork = { entry, isKept };
  const { type, id } = entry.event ? aggregateOf(entry.event) : { type: '', id: entry.id };
  return { queue: 'events', id: entry.id, session: eventSession(`${type}:${id}`), body };
};

/**
 * An event as a bus message, for changes that nobody repeats: commit it with the change, and the journal has it in a moment. Steps that are
 * repeated give their entries to their outcome instead.
 */
export const domainEvent = (type: DomainEvent['type'], atMs: number, details: EventDetails): BusMessage =>
  eventMessage(journalEntry(type, atMs, details), false);

/** What a step reports: its entries for the journal, and messages for those who listen. */
export function reports(
  entries: readonly JournalEntry[],
  listeners: Listeners,
): Required<Pick<Work, 'journal' | 'messages'>> {
  const wanted = entries.filter(({ event }) => event !== null && listeners.want(event));
  return { journal: entries, messages: wanted.map((entry) => eventMessage(entry, true)) };
}

/** Keeps what was committed with a change, and tells whoever listens. */
export function handleEvent(listeners: Listeners): Handler {
  return async ({ body }) => {
    const { entry, isKept } = body as EventWork;
    return async () => {
      const { event } = entry;
      const { batches = [], messages = [] } = event && listeners.want(event) ? await listeners.tell(event) : {};
      return { batches, journal: isKept ? [] : [entry], messages, settlement: complete };
    };
  };
}
