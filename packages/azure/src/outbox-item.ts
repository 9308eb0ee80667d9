import type { Parcel } from './envelope.ts';

/** Messages that wait to be published, as they lie in the container; has no `key`, so no list shows it. */
export interface OutboxItem {
  readonly id: string;
  readonly pk: string;
  /** Its form. */
  readonly v?: number;
  readonly outbox: readonly Parcel[];
  /** The sweep looks for it a little after this, in milliseconds. Absent in quarantine: then nobody does. */
  readonly outboxAt?: number;
  /** How often the relay or the sweep has failed on it. */
  readonly tries?: number;
  /** Given up, for this reason, at this time in milliseconds. An operator who sets `outboxAt` and takes this away starts it anew. */
  readonly quarantine?: { readonly reason: string; readonly at: number };
}

/** After so many tries an entry is in quarantine: some two and a half hours. */
export const maxOutboxTries = 10;
const minuteMs = 60_000;
const longestWaitMs = 30 * minuteMs;

/** What becomes of an entry when those of its messages could not be published. */
export function afterFailure(item: OutboxItem, unsent: readonly Parcel[], reason: string, nowMs: number): OutboxItem {
  const { id, pk, v } = item;
  const form = v === undefined ? {} : { v };
  const tries = (item.tries ?? 0) + 1;
  if (tries >= maxOutboxTries) return { id, pk, ...form, outbox: unsent, tries, quarantine: { reason, at: nowMs } };
  const outboxAt = nowMs + Math.min(minuteMs * 2 ** (tries - 1), longestWaitMs);
  return { id, pk, ...form, outbox: unsent, tries, outboxAt };
}

export const isOutboxItem = (document: unknown): document is OutboxItem =>
  document !== null && typeof document === 'object' && 'outbox' in document && Array.isArray(document.outbox);
