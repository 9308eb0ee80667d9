import type { Batch, Body, DocumentStore, ListOptions, Page, Stored } from '../ports/document-store.ts';

interface Version {
  readonly stored: Stored<Body> | null;
}

/** One document: what it is, what it was before, and who wrote it last. */
interface Line {
  readonly before: Version;
  readonly writer: string;
  readonly writtenAt: number;
}

export interface Staleness {
  /** Asked for each document that another client has written last. */
  readonly isStale: () => boolean;
  /** Milliseconds. */
  readonly now: () => number;
  /** After this everybody sees a write (ms). */
  readonly lagMs: number;
}

/**
 * A store as Cosmos DB is with session consistency and a client for each function: whoever reads what another client wrote last may see
 * what was there before that. Writes are judged by what is there. Built on a store that has no such manners.
 */
export class StaleReads {
  readonly #store: DocumentStore;
  readonly #staleness: Staleness;
  readonly #lines = new Map<string, Line>();

  constructor(store: DocumentStore, staleness: Staleness) {
    this.#store = store;
    this.#staleness = staleness;
  }

  /** The store as one client sees it. */
  client(name: string): DocumentStore {
    return {
      get: <T extends Body>(partition: string, id: string) => this.#get<T>(name, partition, id),
      list: <T extends Body>(partition: string, options: ListOptions) => this.#list<T>(name, partition, options),
      commit: (batch) => this.#commit(name, batch),
    };
  }

  async #get<T extends Body>(reader: string, partition: string, id: string): Promise<Stored<T> | null> {
    const before = this.#seenBefore(reader, partition, id);
    return before ? (before.stored as Stored<T> | null) : this.#store.get<T>(partition, id);
  }

  async #list<T extends Body>(reader: string, partition: string, options: ListOptions): Promise<Page<Stored<T>>> {
    const page = await this.#store.list<T>(partition, options);
    const items = page.items.flatMap((item) => {
      const before = this.#seenBefore(reader, partition, item.id);
      return before ? ((before.stored as Stored<T> | null) ?? []) : item;
    });
    return { items, next: page.next };
  }

  #seenBefore(reader: string, partition: string, id: string): Version | null {
    const { isStale, now, lagMs } = this.#staleness;
    const line = this.#lines.get(keyOf(partition, id));
    const maySeeOld = line && line.writer !== reader && now() < line.writtenAt + lagMs;
    return maySeeOld && isStale() ? line.before : null;
  }

  async #commit(writer: string, batch: Batch): ReturnType<DocumentStore['commit']> {
    const { partition, writes } = batch;
    const before = await Promise.all(writes.map(({ id }) => this.#store.get(partition, id)));
    const result = await this.#store.commit(batch);
    const writtenAt = this.#staleness.now();
    writes.forEach(({ id }, index) => {
      if (result.committed)
        this.#lines.set(keyOf(partition, id), { before: { stored: before[index] ?? null }, writer, writtenAt });
    });
    return result;
  }
}

const keyOf = (partition: string, id: string): string => `${partition}\n${id}`;
