import { ZektError } from '../errors.ts';
import type { BusMessage, Decide, Settlement, Work } from './bus.ts';
import type { JournalEntry } from '../journal/entry.ts';
import { journalPage } from '../journal/page.ts';
import type { CommitResult, DocumentStore } from './document-store.ts';

/** Where batches and messages go when they can't be one transaction. */
export interface Effects {
  readonly store: Pick<DocumentStore, 'commit'>;
  readonly publish: (messages: readonly BusMessage[]) => Promise<void>;
  /** Keeps entries of the journal. @default each step's on a page of its own */
  readonly keep?: (entries: readonly JournalEntry[]) => Promise<void>;
}

/** Batches in order, then journal, then messages. At the first conflict it stops: nothing is published, earlier batches stay. */
export async function performWork(
  { store, publish, keep = onePage(store) }: Effects,
  { batches = [], journal = [], messages = [] }: Work,
): Promise<CommitResult> {
  for (const batch of batches) {
    if (batch.writes.length === 0) continue;
    const result = await store.commit(batch);
    if (!result.committed) return result;
  }
  if (journal.length > 0) await keep(journal);
  if (messages.length > 0) await publish(messages);
  return { committed: true, etags: {} };
}

const onePage =
  (store: Effects['store']): NonNullable<Effects['keep']> =>
  async ([first, ...rest]) => {
    if (first) await store.commit(journalPage([first, ...rest]));
  };

/** Tries at one decision before its message goes back to the queue. */
export const maxDecisions = 10;

/**
 * Asks for a decision and does what it says; asks again when a batch met a conflict. Resolves with the settlement, which is still to be done.
 *
 * @throws ZektError `unavailable` after ten conflicts in a row; what store or bus throws
 */
export async function performDecision(
  effects: Effects,
  decide: Decide,
  pause: (tries: number) => Promise<void>,
): Promise<Settlement> {
  for (let tries = 0; tries < maxDecisions; tries += 1) {
    const outcome = await decide();
    const result = await performWork(effects, outcome);
    if (result.committed) return outcome.settlement;
    await pause(tries);
  }
  throw new ZektError('unavailable', 'Too many writers at once for the same documents.');
}
