/** What jobs that share a transaction tell of it. */
export class Transaction {
  readonly #durable: (() => void)[] = [];
  readonly #undone: (() => void)[] = [];
  /** Of documents that were written. */
  readonly partitions = new Set<string>();

  /** Whether it has changed what is in the file. */
  get hasWritten(): boolean {
    return this.partitions.size > 0 || this.#durable.length > 0;
  }

  /** Does something once everything in the transaction is on disk. */
  whenDurable(effect: () => void): void {
    this.#durable.push(effect);
  }

  /** Does something when the transaction is rolled back. */
  whenUndone(effect: () => void): void {
    this.#undone.push(effect);
  }

  settle(): void {
    for (const effect of this.#durable) effect();
  }

  undo(): void {
    for (const effect of this.#undone.reverse()) effect();
  }
}

/** Reads and writes, at once; done again on its own when the transaction that it shared was rolled back. */
export type Job<T> = (transaction: Transaction) => T;
