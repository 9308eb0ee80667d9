import { Transaction, type Job } from './transaction.ts';
import type { Observer, Prepare, Statement } from './statements.ts';

export type Outcome = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: unknown };

export interface Executed {
  readonly outcomes: readonly Outcome[];
  /** Those that were committed. */
  readonly transactions: readonly Transaction[];
}

/**
 * Does jobs that came together in one transaction. If one throws, all are rolled back and each is done again on its own, so that a
 * failure stays with the one that caused it.
 */
export class Transactor {
  readonly #begin: Statement;
  readonly #commit: Statement;
  readonly #rollback: Statement;
  readonly #isOpen: () => boolean;
  readonly #onTransaction: Observer['onTransaction'];

  constructor(prepare: Prepare, isOpen: () => boolean, onTransaction?: Observer['onTransaction']) {
    this.#begin = prepare('BEGIN IMMEDIATE');
    this.#commit = prepare('COMMIT');
    this.#rollback = prepare('ROLLBACK');
    this.#isOpen = isOpen;
    this.#onTransaction = onTransaction;
  }

  execute(jobs: readonly Job<unknown>[]): Executed {
    const transaction = new Transaction();
    try {
      return { outcomes: this.#transact(jobs, transaction), transactions: [transaction] };
    } catch (error) {
      transaction.undo();
      if (jobs.length === 1) return { outcomes: [{ ok: false, error }], transactions: [] };
      const each = jobs.map((job) => this.execute([job]));
      return {
        outcomes: each.flatMap(({ outcomes }) => outcomes),
        transactions: each.flatMap(({ transactions }) => transactions),
      };
    }
  }

  #transact(jobs: readonly Job<unknown>[], transaction: Transaction): Outcome[] {
    this.#begin.run();
    try {
      const outcomes = jobs.map((job): Outcome => ({ ok: true, value: job(transaction) }));
      this.#commit.run();
      this.#onTransaction?.();
      return outcomes;
    } catch (error) {
      if (this.#isOpen()) this.#rollback.run();
      throw error;
    }
  }
}
