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
import { unavailableIfDisk } from './disk-trouble.ts';
import type { Documents } from './documents.ts';
import type { Performer } from './performer.ts';
import type { WriteQueue } from './write-queue.ts';

/** The store port on the documents of one file. What it gives is on disk, and frozen. */
export class EmbeddedStore implements DocumentStore {
  readonly #writes: WriteQueue;
  readonly #documents: Documents;
  readonly #performer: Performer;
  readonly #clock: Clock;

  constructor(writes: WriteQueue, documents: Documents, performer: Performer, clock: Clock) {
    this.#writes = writes;
    this.#documents = documents;
    this.#performer = performer;
    this.#clock = clock;
  }

  async get<T extends Body>(partition: string, id: string): Promise<Stored<T> | null> {
    if (this.#writes.isUnsynced(partition)) await this.#writes.settled(partition);
    return reading(() => this.#documents.get<T>(partition, id, this.#clock.now()));
  }

  async list<T extends Body>(partition: string, options: ListOptions): Promise<Page<Stored<T>>> {
    if (this.#writes.isUnsynced(partition)) await this.#writes.settled(partition);
    return reading(() => this.#documents.list<T>(partition, options, this.#clock.now()));
  }

  async commit(batch: Batch): Promise<CommitResult> {
    checkBatch(batch);
    return this.#performer.perform({ batches: [batch], messages: batch.messages ?? [] });
  }
}

/** @throws ZektError `unavailable` when the disk fails */
function reading<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw unavailableIfDisk(error);
  }
}
