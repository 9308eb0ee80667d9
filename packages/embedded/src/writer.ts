import type { DatabaseSync } from 'node:sqlite';
import { DocumentWrites } from './document-table.ts';
import type { Job, Jobs, Outcome, Results } from './jobs.ts';
import { MessageWrites } from './message-table.ts';

/**
 * Does a batch of jobs in one transaction, so that those that come together share one fsync. A job that must fail finds out before it
 * writes. If one throws, the transaction is rolled back and each is done again on its own, so that a failure stays with the one that
 * caused it.
 */
export class Writer {
  readonly #database: DatabaseSync;
  readonly #documents: DocumentWrites;
  readonly #messages: MessageWrites;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#documents = new DocumentWrites(database);
    this.#messages = new MessageWrites(database);
  }

  execute(jobs: readonly Job[]): Outcome[] {
    try {
      return this.#transact(jobs);
    } catch (error) {
      if (jobs.length > 1) return jobs.flatMap((job) => this.execute([job]));
      return [{ ok: false, reason: error instanceof Error ? error.message : String(error) }];
    }
  }

  #transact(jobs: readonly Job[]): Outcome[] {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const outcomes = jobs.map((job): Outcome => ({ ok: true, value: this.#do(job) }));
      this.#database.exec('COMMIT');
      return outcomes;
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  #do(job: Job): unknown {
    const { now } = job;
    switch (job.kind) {
      case 'work':
        return this.#work(job, now);
      case 'claim':
        return this.#messages.claim(job.queue, job.limit, job.leaseMs, now);
      case 'delay':
        return this.#messages.delay(job.claim, job.visibleAt);
      case 'revive':
        return this.#messages.revive(job.queue, job.id, now);
      case 'sweep':
        return this.#documents.sweep(job.limit, now);
    }
  }

  /** A savepoint of its own, since a conflict of a later batch undoes the earlier ones. */
  #work({ batches, messages, settles }: Jobs['work'], now: number): Results['work'] {
    if (settles && !this.#messages.isHeld(settles.claim)) return null;
    const etags: Record<string, string> = {};
    this.#database.exec('SAVEPOINT work');
    for (const { partition, writes } of batches) {
      const result = this.#documents.commit(partition, writes, now);
      if (!result.committed) {
        this.#database.exec('ROLLBACK TO work; RELEASE work');
        return result;
      }
      Object.assign(etags, result.etags);
    }
    for (const message of messages) this.#messages.publish(message, now);
    if (settles) this.#messages.settle(settles.claim, settles.settlement, now);
    this.#database.exec('RELEASE work');
    return { committed: true, etags };
  }
}
