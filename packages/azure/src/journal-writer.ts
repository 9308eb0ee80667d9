import { journalDay, journalPage, maxPageEntries, type Clock, type DocumentStore, type JournalEntry } from '@zekt/core';

export interface JournalWriterOptions {
  readonly store: Pick<DocumentStore, 'commit'>;
  readonly clock: Clock;
  /** How long a page is gathered under load, in milliseconds. @default 250 */
  readonly gatherMs?: number;
}

/** A page that is not written yet. */
interface Gathering {
  readonly day: number;
  readonly entries: Map<string, JournalEntry>;
  readonly written: PromiseWithResolvers<void>;
  readonly cancelAlarm: () => void;
}

/**
 * Keeps entries of several outcomes on one page, because a page costs as much as an entry. A page is written when it is full, when it was
 * gathered long enough, when no page was written lately, or when everybody who works here waits for it: then nobody is left to fill it.
 */
export class JournalWriter {
  readonly #store: Pick<DocumentStore, 'commit'>;
  readonly #clock: Clock;
  readonly #gatherMs: number;
  #gathering: Gathering | null = null;
  #lastWriteAt = -Infinity;
  /** Pieces of work in hand, and those among them that wait for a page. */
  #working = 0;
  #waiting = 0;

  constructor({ store, clock, gatherMs = 250 }: JournalWriterOptions) {
    this.#store = store;
    this.#clock = clock;
    this.#gatherMs = gatherMs;
  }

  /** Work that may come to have something to keep. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#working += 1;
    try {
      return await work();
    } finally {
      this.#working -= 1;
      this.#writeIfNobodyIsLeft();
    }
  }

  /**
   * Resolves when the entries are kept.
   *
   * @throws RangeError for more entries than a page takes; what the store throws, for all whose entries were on the same page
   */
  async keep(entries: readonly JournalEntry[]): Promise<void> {
    const [first] = entries;
    if (!first) return;
    if (entries.length > maxPageEntries)
      throw new RangeError(`a step reports at most ${maxPageEntries} entries; got ${entries.length}`);
    const isIdle = this.#gathering === null && this.#clock.now() - this.#lastWriteAt >= this.#gatherMs;
    const page = this.#pageFor(first, entries.length);
    for (const entry of entries) page.entries.set(entry.id, entry);
    this.#waiting += 1;
    if (isIdle || page.entries.size >= maxPageEntries) this.#write();
    else this.#writeIfNobodyIsLeft();
    try {
      await page.written.promise;
    } finally {
      this.#waiting -= 1;
    }
  }

  /** The page that is gathered, or a new one where these entries don't fit. */
  #pageFor({ at }: JournalEntry, count: number): Gathering {
    const day = journalDay(at);
    const open = this.#gathering;
    // Who reads a day must find all of its entries there.
    if (open && (open.day !== day || open.entries.size + count > maxPageEntries)) this.#write();
    this.#gathering ??= {
      day,
      entries: new Map(),
      written: Promise.withResolvers(),
      cancelAlarm: this.#clock.at(this.#clock.now() + this.#gatherMs, () => this.#write()),
    };
    return this.#gathering;
  }

  #writeIfNobodyIsLeft(): void {
    if (this.#working <= this.#waiting) this.#write();
  }

  /** Those who wait are told; a page that fails is theirs alone. */
  #write(): void {
    const page = this.#gathering;
    if (!page) return;
    this.#gathering = null;
    this.#lastWriteAt = this.#clock.now();
    page.cancelAlarm();
    const [first, ...rest] = [...page.entries.values()].sort((a, b) => a.at - b.at);
    if (!first) return;
    this.#store.commit(journalPage([first, ...rest])).then(() => page.written.resolve(), page.written.reject);
  }
}
