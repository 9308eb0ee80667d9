import {
  checkBatch,
  journalPage,
  type Clock,
  type CommitResult,
  type JournalEntry,
  type Settlement,
  type Work,
  type Writes,
} from '@zekt/core';
import { toText, type Documents } from './documents.ts';
import { toTextMessage, type Messages } from './messages.ts';
import type { Entry } from './waiting-queue.ts';
import type { WriteQueue } from './write-queue.ts';

/** A message in hand, and what becomes of it. */
export interface Settles {
  readonly entry: Entry;
  readonly settlement: Settlement;
}

/** Does what a step wants done, in one transaction: batches, journal, messages and the settlement of its message. */
export class Performer {
  readonly #writes: WriteQueue;
  readonly #documents: Documents;
  readonly #messages: Messages;
  readonly #clock: Clock;

  constructor(writes: WriteQueue, documents: Documents, messages: Messages, clock: Clock) {
    this.#writes = writes;
    this.#documents = documents;
    this.#messages = messages;
    this.#clock = clock;
  }

  /**
   * All of it is on disk when this resolves, or nothing is when a batch met a conflict.
   *
   * @throws RangeError when a batch is too large or names an id twice; Error when the store is closed or could not write
   */
  async perform({ batches = [], journal = [], messages = [] }: Work, settles?: Settles): Promise<CommitResult> {
    batches.forEach(checkBatch);
    // As text from here on, so that whoever keeps the objects can't change what is written.
    const writes = toText([...batches, ...pagesOf(journal)]);
    const texts = messages.map(toTextMessage);
    const now = this.#clock.now();
    return this.#writes.write((transaction) => {
      const result = this.#documents.commit(writes, now, transaction);
      if (!result.committed) return result;
      for (const text of texts) this.#messages.publish(text, now, transaction);
      if (settles) this.#messages.settle(settles.entry, settles.settlement, now, transaction);
      return result;
    });
  }
}

const pagesOf = ([first, ...rest]: readonly JournalEntry[]): Writes[] => (first ? [journalPage([first, ...rest])] : []);
