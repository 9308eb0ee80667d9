import type { Batch, Body, DocumentStore, ListOptions, Page, Stored } from '../ports/document-store.ts';

interface Version {
  readonly stored: Stored<Body> | null;
}

/** One document: what it is, what it was before, and who wrote it last. */
interface Line {
  readonly before: Version;
  readonly writer: string;
}

/**
 * A store as Cosmos DB is with session consistency and a client for each function: whoever reads what another client wrote last may see
 * what was there before that. Writes are judged by what is there. Built on a store that has no such manners.
 */
export class StaleReads {
  readonly #store: DocumentStore;
  readonly #isStale: () => boolean;
  readonly #lines = new Map<string, Line>();

  /** @param isStale asked for each document that another client has written last */
  constructor(store: DocumentStore, isStale: () => boolean) {
    this.#store = store;
    this.#isStale = isStale;
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
    const line = this.#lines.get(keyOf(partition, id));
    return line && line.writer !== reader && this.#isStale() ? line.before : null;
  }

  async #commit(writer: string, batch: Batch): ReturnType<DocumentStore['commit']> {
    const { partition, writes } = batch;
    const before = await Promise.all(writes.map(({ id }) => this.#store.get(partition, id)));
    const result = await this.#store.commit(batch);
    writes.forEach(({ id }, index) => {
      // Whoever met a conflict has learnt of what is there.
      if (result.committed)
        this.#lines.set(keyOf(partition, id), { before: { stored: before[index] ?? null }, writer });
    });
    return result;
  }
}

const keyOf = (partition: string, id: string): string => `${partition}\n${id}`;
