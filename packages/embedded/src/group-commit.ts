import type { DatabaseSync } from 'node:sqlite';

interface Job {
  readonly work: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

/** How long housekeeping waits for company. */
const patienceMs = 2;

/**
 * Collects the writes of one turn of the event loop into one transaction, so that requests that come together share one fsync.
 * A write resolves when it is on disk.
 *
 * Work runs synchronously and in order; work that must fail should find out before it writes. If one throws, the transaction is
 * rolled back and each is run again on its own, so that a failure stays with the one that caused it.
 */
export class GroupCommit {
  readonly #database: DatabaseSync;
  #jobs: Job[] = [];
  #scheduled = false;
  #timer: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  write<T>(work: () => T): Promise<T> {
    return this.#enqueue(work, () => this.#flushSoon());
  }

  /** For housekeeping that nobody outside waits for: joins the next transaction, or after a moment has one of its own. */
  writeLater<T>(work: () => T): Promise<T> {
    return this.#enqueue(work, () => {
      this.#timer ??= setTimeout(() => this.#flush(), patienceMs);
    });
  }

  #enqueue<T>(work: () => T, schedule: () => void): Promise<T> {
    if (this.#closed) return Promise.reject(new Error('The store is closed.'));
    return new Promise<T>((resolve, reject) => {
      this.#jobs.push({ work, resolve: resolve as (value: unknown) => void, reject });
      schedule();
    });
  }

  #flushSoon(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#flush());
  }

  /** Writes what is waiting, then refuses more. */
  close(): void {
    this.#flush();
    this.#closed = true;
  }

  #flush(): void {
    this.#scheduled = false;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const jobs = this.#jobs;
    this.#jobs = [];
    if (jobs.length === 0) return;
    try {
      const values = this.#transact(jobs);
      jobs.forEach((job, index) => job.resolve(values[index]));
    } catch (error) {
      if (jobs.length === 1) jobs[0]?.reject(error);
      else jobs.forEach((job) => this.#alone(job));
    }
  }

  #alone(job: Job): void {
    try {
      job.resolve(this.#transact([job])[0]);
    } catch (error) {
      job.reject(error);
    }
  }

  #transact(jobs: readonly Job[]): unknown[] {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const values = jobs.map((job) => job.work());
      this.#database.exec('COMMIT');
      return values;
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }
}
