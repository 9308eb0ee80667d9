import {
  ZektError,
  type Batch,
  type Body,
  type CommitResult,
  type DocumentStore,
  type ListOptions,
  type Page,
  type Stored,
} from '@zekt/core';

interface Committed {
  readonly batch: Batch;
  readonly at: number;
}

/**
 * The store of an account with one write region and a replica elsewhere. Everybody reads and writes where the write region is. When that is
 * lost nothing works until the replica takes over, with what it has by then: of each partition all up to some time, since partitions are
 * replicated on their own. Built on stores that have no such manners.
 */
export class ReplicatedStore implements DocumentStore {
  readonly #open: () => DocumentStore;
  readonly #now: () => number;
  readonly #log: Committed[] = [];
  #serving: DocumentStore;
  #isLost = false;

  constructor(open: () => DocumentStore, now: () => number) {
    this.#open = open;
    this.#now = now;
    this.#serving = open();
  }

  async get<T extends Body>(partition: string, id: string): Promise<Stored<T> | null> {
    return this.#store().get<T>(partition, id);
  }

  async list<T extends Body>(partition: string, options: ListOptions): Promise<Page<Stored<T>>> {
    return this.#store().list<T>(partition, options);
  }

  async commit(batch: Batch): Promise<CommitResult> {
    const result = await this.#store().commit(batch);
    if (result.committed) this.#log.push({ batch, at: this.#now() });
    return result;
  }

  lose(): void {
    this.#isLost = true;
  }

  /**
   * The replica takes over.
   *
   * @param replicatedUntil up to when it has what was written to a partition (ms)
   */
  async failOver(replicatedUntil: (partition: string) => number): Promise<void> {
    const replica = this.#open();
    for (const { batch, at } of this.#log) {
      const { partition, writes } = batch;
      if (at > replicatedUntil(partition)) continue;
      // What was written is there, whatever condition it was written under.
      await replica.commit({
        partition,
        writes: writes.map((write) => {
          if (write.kind === 'delete') return { kind: 'delete', id: write.id };
          const { id, body, expiresAt } = write;
          return { kind: 'put', id, body, ...(expiresAt !== undefined && { expiresAt }) };
        }),
      });
    }
    this.#serving = replica;
    this.#isLost = false;
  }

  #store(): DocumentStore {
    if (this.#isLost) throw new ZektError('unavailable', 'The write region is lost.');
    return this.#serving;
  }
}
