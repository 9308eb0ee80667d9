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

/** The store port on the document table: a batch and its messages are one transaction. */
export class EmbeddedStore implements DocumentStore {
  readonly #documents: DocumentReads;
  readonly #bus: EmbeddedBus;
  readonly #clock: Clock;

  constructor(documents: DocumentReads, bus: EmbeddedBus, clock: Clock) {
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
    return this.#bus.perform([batch], batch.messages ?? []);
  }
}
