import {
  maxBatchWrites,
  type Batch,
  type Body,
  type CommitResult,
  type DocumentStore,
  type ListOptions,
  type Page,
  type Stored,
} from '@zekt/core';
import type { DocumentTable } from './document-table.ts';
import type { EmbeddedBus } from './embedded-bus.ts';
import type { GroupCommit } from './group-commit.ts';
import type { MessageTable } from './message-table.ts';

/** The store port on the document table: a batch and its messages are one transaction. */
export class EmbeddedStore implements DocumentStore {
  readonly #commits: GroupCommit;
  readonly #documents: DocumentTable;
  readonly #messages: MessageTable;
  readonly #bus: EmbeddedBus;

  constructor(commits: GroupCommit, documents: DocumentTable, messages: MessageTable, bus: EmbeddedBus) {
    this.#commits = commits;
    this.#documents = documents;
    this.#messages = messages;
    this.#bus = bus;
  }

  async get<T extends Body>(partition: string, id: string): Promise<Stored<T> | null> {
    return this.#documents.get<T>(partition, id);
  }

  async list<T extends Body>(partition: string, options: ListOptions): Promise<Page<Stored<T>>> {
    return this.#documents.list<T>(partition, options);
  }

  async commit(batch: Batch): Promise<CommitResult> {
    const { writes, messages = [] } = batch;
    if (writes.length > maxBatchWrites)
      throw new RangeError(`a batch takes ${maxBatchWrites} writes; got ${writes.length}`);
    if (new Set(writes.map(({ id }) => id)).size < writes.length) throw new RangeError('a batch writes each id once');
    const result = await this.#commits.write(() => {
      const outcome = this.#documents.commit(batch);
      if (outcome.committed) messages.forEach((message) => this.#messages.publish(message));
      return outcome;
    });
    if (result.committed && messages.length > 0) this.#bus.wake(messages);
    return result;
  }
}
