import { ZektError } from '@zekt/core';
import type { Disk } from './disk.ts';
import { DiskUnavailableError } from './disk-trouble.ts';
import { StoreHealth } from './store-health.ts';
import type { Job, Transaction } from './transaction.ts';
import type { Executed, Transactor } from './transactor.ts';

interface Waiting {
  readonly job: Job<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Does jobs in groups, each group in one transaction, and answers them when it is on disk. The thread never waits for the disk: what
 * comes meanwhile is the next group.
 */
export class WriteQueue {
  readonly #transactor: Transactor;
  readonly #disk: Disk;
  readonly #health: StoreHealth;
  #waiting: Waiting[] = [];
  #running: Promise<void> | null = null;
  /** The transactions that are committed and not yet on disk. */
  #unsynced: { readonly transactions: readonly Transaction[]; readonly synced: Promise<void> } | null = null;
  #isClosed = false;
  /** Of the disk: nobody knows what it has kept, so nothing is written any more. */
  #failure: { readonly cause: unknown } | null = null;

  constructor(transactor: Transactor, disk: Disk, health: StoreHealth = new StoreHealth()) {
    this.#transactor = transactor;
    this.#disk = disk;
    this.#health = health;
  }

  /** Whether the last write failed because of the disk. */
  get isTroubled(): boolean {
    return this.#health.isTroubled;
  }

  /**
   * Resolves with what the job returned when that is on disk.
   *
   * @throws ZektError `unavailable` when the store is closed, or the disk is full or fails; Error when the job fails
   */
  write<T>(job: Job<T>): Promise<T> {
    if (this.#isClosed)
      return Promise.reject(new ZektError('unavailable', 'The store is closed: the Zekt server is stopping.'));
    if (this.#failure) return Promise.reject(lost(this.#failure.cause));
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ job, resolve: resolve as (value: unknown) => void, reject });
      this.#running ??= this.#run();
    });
  }

  /**
   * Resolves when a power cut can take back nothing of what can be read now.
   *
   * @param partition only what was written there; without it anything
   * @throws ZektError `unavailable` when it never will be
   */
  async settled(partition?: string): Promise<void> {
    try {
      while (this.isUnsynced(partition)) await this.#unsynced?.synced;
    } catch (cause) {
      throw lost(cause);
    }
  }

  isUnsynced(partition?: string): boolean {
    if (this.#unsynced === null) return false;
    return partition === undefined || this.#unsynced.transactions.some(({ partitions }) => partitions.has(partition));
  }

  /** Does what is waiting, then refuses more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#running;
    await this.#disk.close();
  }

  async #run(): Promise<void> {
    do {
      await this.#gather();
      const group = this.#waiting;
      this.#waiting = [];
      await this.#do(group);
    } while (this.#waiting.length > 0);
    this.#running = null;
  }

  /** Turns of the event loop that bring more jobs belong to the same group, for a while; the first that brings none ends it. */
  async #gather(): Promise<void> {
    const until = performance.now() + this.#disk.gatherMs;
    let count: number;
    do {
      count = this.#waiting.length;
      await new Promise((resolve) => setImmediate(resolve));
    } while (this.#waiting.length > count && performance.now() < until);
  }

  async #do(group: readonly Waiting[]): Promise<void> {
    try {
      await this.#disk.ready();
      if (this.#failure) throw lost(this.#failure.cause);
      const executed = this.#transactor.execute(group.map(({ job }) => job));
      await this.#sync(executed.transactions);
      if (executed.transactions.some(({ hasWritten }) => hasWritten)) this.#health.wrote();
      for (const transaction of executed.transactions) transaction.settle();
      this.#answer(group, executed);
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }

  async #sync(transactions: readonly Transaction[]): Promise<void> {
    if (transactions.length === 0) return;
    const synced = this.#disk.sync();
    if (!synced) return;
    this.#unsynced = { transactions, synced };
    try {
      await synced;
      this.#unsynced = null;
    } catch (cause) {
      this.#failure = { cause };
      this.#health.lose(cause);
      throw lost(cause);
    }
  }

  #answer(group: readonly Waiting[], { outcomes }: Executed): void {
    group.forEach(({ resolve, reject }, index) => {
      const outcome = outcomes[index];
      if (outcome?.ok) resolve(outcome.value);
      else reject(this.#health.failed(outcome?.error));
    });
  }
}

const lost = (cause: unknown): ZektError => new DiskUnavailableError('failing', cause);
