import {
  checkBatch,
  type Batch,
  type Body,
  type Clock,
  type CommitResult,
  type DocumentStore,
  type ListOptions,
  type Page,
  type Stored,
} from '@zekt/core';
import type { DocumentReads } from './document-table.ts';
import type { EmbeddedBus } from './embedded-bus.ts';
import { toText, type TextWrite } from './jobs.ts';
import type { WriteQueue } from './write-queue.ts';

/** The store port on the document table: a batch and its messages are one transaction. */
export class EmbeddedStore implements DocumentStore {
  readonly #writes: WriteQueue;
  readonly #documents: DocumentReads;
  readonly #bus: EmbeddedBus;
  readonly #clock: Clock;

  constructor(writes: WriteQueue, documents: DocumentReads, bus: EmbeddedBus, clock: Clock) {
    this.#writes = writes;
    this.#documents = documents;
    this.#bus = bus;
    this.#clock = clock;
  }

  async get<T extends Body>(partition: string, id: string): Promise<Stored<T> | null> {
    return this.#documents.get<T>(partition, id, this.#clock.now());
  }

  async list<T extends Body>(partition: string, options: ListOptions): Promise<Page<Stored<T>>> {
    return this.#documents.list<T>(partition, options, this.#clock.now());
  }

  async commit(batch: Batch): Promise<CommitResult> {
    checkBatch(batch);
    const { partition, writes, messages = [] } = batch;
    const text = writes.map((write) => (write.kind === 'delete' ? write : (toText(write) as TextWrite)));
    const result = await this.#writes.write('commit', { partition, writes: text, messages: messages.map(toText) });
    if (result.committed && messages.length > 0) this.#bus.wake(messages);
    return result;
  }
}
