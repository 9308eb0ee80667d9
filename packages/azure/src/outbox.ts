import type { Container } from '@azure/cosmos';
import type { Clock, Log } from '@zekt/core';
import type { Parcel } from './envelope.ts';
import { afterFailure, isOutboxItem, type OutboxItem } from './outbox-item.ts';
import { reasonOf } from './reason-of.ts';
import { versions } from './versions.ts';
import { within } from './within.ts';

export type Send = (parcels: readonly Parcel[]) => Promise<void>;

export interface OutboxOptions {
  readonly container: Container;
  readonly send: Send;
  readonly clock: Clock;
  readonly log: Log;
  /** How long relay and sweep wait for the bus, in milliseconds. @default 30000 */
  readonly sendLimitMs?: number;
}

/** What a sweep found, by what became of it. */
export interface Swept {
  readonly published: number;
  /** To be tried again later. */
  readonly postponed: number;
  /** Given up just now. */
  readonly quarantined: number;
}
type Fate = keyof Swept;

interface Publication {
  /** What was not sent in time. */
  readonly unsent: readonly Parcel[];
  readonly error: unknown;
  /** Resolves when the entry is gone, if all of it was sent. */
  readonly cleared: Promise<void>;
}

/** The fast path may take this long; after that the relay will do it. */
const announceLimitMs = 2000;
/** Younger entries belong to the fast path. */
const forgottenAfterMs = 5000;
const sweepPageSize = 100;
/** More wait for the next minute's sweep. */
const maxSwept = 5000;
/** Entries that are published at once. */
const abreast = 10;

const gone = 404;
const changedMeanwhile = 412;

/**
 * Brings what a commit left in its outbox onto the bus: at once, or later by whoever finds it. Twice does no harm. One entry that can't be
 * published does not hold the others: it is tried again with growing waits, and in the end is put into quarantine.
 */
export class Outbox {
  readonly #options: Required<OutboxOptions>;
  /** Sends and deletions that nobody waits for. */
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(options: OutboxOptions) {
    this.#options = { sendLimitMs: 30_000, ...options };
  }

  /** The fast path, straight after the commit. Never fails: what it can't do is left to the relay. */
  async announce(item: OutboxItem): Promise<void> {
    const { error } = await this.#publish(item, announceLimitMs);
    if (error === null) return;
    this.#options.log.warn(
      { err: error, outbox: item.id },
      'messages were not published at once; the relay will do it',
    );
  }

  /**
   * Publishes the outbox entries among changed documents and clears them away. What fails is left to the sweep, and so is what has failed
   * before: a change feed that stopped for one entry would stop for all.
   *
   * @param documents as the change feed gives them, of any kind
   * @returns how many entries were published
   */
  async relay(documents: readonly unknown[]): Promise<number> {
    const untried = documents
      .filter(isOutboxItem)
      .filter(({ tries, quarantine }) => tries === undefined && !quarantine);
    return (await this.#publishAll(untried)).filter((fate) => fate === 'published').length;
  }

  /**
   * Finds entries that nobody has relayed, in all physical partitions: the second net, below the change feed.
   *
   * @returns how many entries were found, by what became of them
   */
  async sweep(): Promise<Swept> {
    const { container, clock } = this.#options;
    const query = {
      query: 'SELECT * FROM c WHERE c.outboxAt < @before',
      parameters: [{ name: '@before', value: clock.now() - forgottenAfterMs }],
    };
    const pages = container.items.query<OutboxItem>(query, { maxItemCount: sweepPageSize });
    const fates: Fate[] = [];
    // A page may be empty without being the last: each physical partition has its own.
    while (pages.hasMoreResults() && fates.length < maxSwept) {
      const { resources } = await pages.fetchNext();
      fates.push(...(await this.#publishAll(resources)));
    }
    const count = (fate: Fate): number => fates.filter((it) => it === fate).length;
    return { published: count('published'), postponed: count('postponed'), quarantined: count('quarantined') };
  }

  async #publishAll(items: readonly OutboxItem[]): Promise<Fate[]> {
    const fates: Fate[] = [];
    // What a later release has left is for its own processes: sent from here it would bear the wrong form.
    const own = items.filter(({ v = versions.written }) => v <= versions.readable);
    for (let start = 0; start < own.length; start += abreast) {
      const some = own.slice(start, start + abreast);
      fates.push(...(await Promise.all(some.map((item) => this.#publishOrPostpone(item)))));
    }
    return fates;
  }

  async #publishOrPostpone(item: OutboxItem): Promise<Fate> {
    const { clock, log, sendLimitMs } = this.#options;
    const { unsent, error, cleared } = await this.#publish(item, sendLimitMs);
    if (error === null) {
      await cleared;
      return 'published';
    }
    const next = afterFailure(item, unsent, reasonOf(error), clock.now());
    const fields = { err: error, outbox: item.id, partition: item.pk, tries: next.tries };
    if (next.quarantine) log.error(fields, 'messages can not be published; their outbox entry is in quarantine');
    else log.warn(fields, 'messages were not published; they will be tried again');
    await this.#replace(item, next);
    return next.quarantine ? 'quarantined' : 'postponed';
  }

  /** Queue by queue, so that what can be sent is. The entry is cleared once all is out, also when that comes after the limit. */
  async #publish(item: OutboxItem, limitMs: number): Promise<Publication> {
    const { send } = this.#options;
    const groups = [...Map.groupBy(item.outbox, ({ queue }) => queue).values()];
    const sends = groups.map((parcels) => send(parcels));
    const cleared = Promise.all(sends).then(
      () => this.#clear(item),
      () => undefined,
    );
    this.#underWay.add(cleared);
    void cleared.finally(() => this.#underWay.delete(cleared));
    const results = await Promise.allSettled(
      sends.map((sending) => within(limitMs, sending, 'the bus did not answer in time')),
    );
    const unsent = groups.filter((_, index) => results[index]?.status === 'rejected').flat();
    const failed = results.find((result) => result.status === 'rejected');
    return { unsent, error: failed ? (failed.reason as unknown) : null, cleared };
  }

  /** An entry that stays is only relayed once more. */
  async #clear({ id, pk }: OutboxItem): Promise<void> {
    const { container, log } = this.#options;
    await container
      .item(id, pk)
      .delete()
      .catch((error: unknown) => log.debug({ err: error, outbox: id }, 'an outbox entry was not cleared'));
  }

  /** Unless somebody else has changed or cleared it meanwhile: then it is theirs. */
  async #replace({ id, pk, ...rest }: OutboxItem, next: OutboxItem): Promise<void> {
    const { container, log } = this.#options;
    const condition = '_etag' in rest ? String(rest._etag) : '*';
    await container
      .item(id, pk)
      .replace({ ...next, outbox: [...next.outbox] }, { accessCondition: { type: 'IfMatch', condition } })
      .catch((error: unknown) => {
        const { code } = error as { code?: unknown };
        if (code !== gone && code !== changedMeanwhile)
          log.warn({ err: error, outbox: id }, 'a failure was not noted; the entry comes again sooner');
      });
  }

  /** Everything that was begun is published and cleared, or has failed. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }
}
