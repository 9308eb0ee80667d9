import type { RunDocument } from './run-document.ts';

/** One thing to deliver: a message, or the run itself. `key` says which, for ever. */
export interface Item {
  readonly key: string;
  readonly eventId: string;
  /** Null: the service's own event type. */
  readonly eventType: string | null;
}

export interface Waits {
  /** How long a message waits for its run's completion before GitHub is asked (ms). */
  readonly completionWaitMs: number;
  /** How long a completed run without a message waits for one still in flight (ms). */
  readonly eventOnlyGraceMs: number;
}

export type Decision =
  /** Nothing to do before `until` (ms), unless something new comes in. */
  | { readonly kind: 'wait'; readonly until: number }
  /** Overdue: ask GitHub how the run ended. */
  | { readonly kind: 'ask' }
  /** `items` in order, of which the first `from` are decided already. */
  | { readonly kind: 'deliver'; readonly items: readonly Item[]; readonly from: number; readonly eventOnly: boolean }
  | { readonly kind: 'done' };

/** The run itself comes first: it is delivered only while there is no message. */
export function itemsOf(run: RunDocument, eventOnly: boolean): Item[] {
  const own: Item[] = eventOnly ? [{ key: 'run', eventId: `evt-run-${run.correlationId}`, eventType: null }] : [];
  return [...own, ...run.messages.map(({ eventId, eventType }) => ({ key: eventId, eventId, eventType }))];
}

/**
 * What to do about a run, from its document and the time alone. The order in which messages and completion came in, and how often,
 * leaves no trace in the document beyond the messages' own order.
 */
export function decide(run: RunDocument, nowMs: number, waits: Waits): Decision {
  if (run.expired) return { kind: 'done' };
  if (run.completedAt === undefined) {
    const first = run.messages[0];
    if (!first) return { kind: 'done' };
    const until = first.receivedAt + waits.completionWaitMs;
    return nowMs >= until ? { kind: 'ask' } : { kind: 'wait', until };
  }
  let eventOnly = run.eventOnly === true;
  if (run.messages.length === 0 && !eventOnly) {
    const until = run.completedAt + waits.eventOnlyGraceMs;
    if (nowMs < until) return { kind: 'wait', until };
    eventOnly = true;
  }
  const items = itemsOf(run, eventOnly);
  return items.length > run.decided ? { kind: 'deliver', items, from: run.decided, eventOnly } : { kind: 'done' };
}
