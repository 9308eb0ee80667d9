import type { DatabaseSync } from 'node:sqlite';
import { DocumentWrites } from './document-table.ts';
import type { Job, Outcome } from './jobs.ts';
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
      case 'commit': {
        const result = this.#documents.commit(job.partition, job.writes, now);
        if (result.committed) for (const message of job.messages) this.#messages.publish(message, now);
        return result;
      }
      case 'publish':
        for (const message of job.messages) this.#messages.publish(message, now);
        return null;
      case 'claim':
        return this.#messages.claim(job.queue, job.limit, job.leaseMs, now);
      case 'settle':
        return this.#messages.settle(job.claim, job.settlement, now);
      case 'delay':
        return this.#messages.delay(job.claim, job.visibleAt);
      case 'revive':
        return this.#messages.revive(job.queue, job.id, now);
      case 'sweep':
        return this.#documents.sweep(job.limit, now);
    }
  }
}
