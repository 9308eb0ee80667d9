import type { Container } from '@azure/cosmos';
import type { Clock, Log } from '@zekt/core';
import type { OutboxItem } from './cosmos-store.ts';
import type { Parcel } from './envelope.ts';
import { within } from './within.ts';

export type Send = (parcels: readonly Parcel[]) => Promise<void>;

/** The fast path may take this long; after that the relay will do it. */
const announceLimitMs = 2000;
/** Younger entries belong to the fast path. */
const forgottenAfterMs = 5000;

/** Brings what a commit left in its outbox onto the bus: at once, or later by whoever finds it. Twice does no harm. */
export class Outbox {
  readonly #container: Container;
  readonly #send: Send;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #clearing = new Set<Promise<unknown>>();

  constructor(container: Container, send: Send, clock: Clock, log: Log) {
    this.#container = container;
    this.#send = send;
    this.#clock = clock;
    this.#log = log;
  }

  /** The fast path, straight after the commit. Never fails: what it can't do is left to the relay. */
  async announce(item: OutboxItem): Promise<void> {
    try {
      await within(announceLimitMs, this.#send(item.outbox), 'the bus did not answer in time');
      this.#clear(item);
    } catch (error) {
      this.#log.warn({ err: error, outbox: item.id }, 'messages were not published at once; the relay will do it');
    }
  }

  /**
   * Publishes the outbox entries among changed documents and clears them away.
   *
   * @param documents as the change feed gives them, of any kind
   * @throws what the bus throws: then they must be given again
   */
  async relay(documents: readonly unknown[]): Promise<number> {
    const items = documents.filter(isOutboxItem);
    for (const item of items) {
      await this.#send(item.outbox);
      this.#clear(item);
    }
    await this.settled();
    return items.length;
  }

  /** Finds entries that nobody has relayed: the second net, below the change feed. */
  async sweep(): Promise<number> {
    const query = {
      query: 'SELECT * FROM c WHERE c.outboxAt < @before',
      parameters: [{ name: '@before', value: this.#clock.now() - forgottenAfterMs }],
    };
    const { resources } = await this.#container.items.query<OutboxItem>(query, { maxItemCount: 100 }).fetchNext();
    return this.relay(resources);
  }

  /** Not waited for on the way: an entry that stays is only relayed once more. */
  #clear({ id, pk }: OutboxItem): void {
    const clearing = this.#container
      .item(id, pk)
      .delete()
      .catch((error: unknown) => this.#log.debug({ err: error, outbox: id }, 'an outbox entry was not cleared'))
      .finally(() => this.#clearing.delete(clearing));
    this.#clearing.add(clearing);
  }

  async settled(): Promise<void> {
    while (this.#clearing.size > 0) await Promise.all(this.#clearing);
  }
}

function isOutboxItem(document: unknown): document is OutboxItem {
  return document !== null && typeof document === 'object' && 'outbox' in document && Array.isArray(document.outbox);
}
