import type { Bus } from './bus.ts';
import type { DocumentStore } from './document-store.ts';

/** A crash at the n-th effect of a scenario, before or after it takes place. */
export interface Crash {
  readonly at: number;
  readonly when: 'before' | 'after';
}

export class CrashError extends Error {}

/** Counts effects, and crashes at the ones that a scenario names. */
export class Crashes {
  #count = 0;
  readonly #crashes: readonly Crash[];

  constructor(crashes: readonly Crash[]) {
    this.#crashes = crashes;
  }

  async effect<T>(work: () => Promise<T>): Promise<T> {
    this.#count += 1;
    const crash = this.#crashes.find(({ at }) => at === this.#count);
    if (crash?.when === 'before') throw new CrashError('before');
    const result = await work();
    if (crash) throw new CrashError('after');
    return result;
  }
}

/** Store and bus whose writes may crash. */
export function crashing(store: DocumentStore, bus: Bus, crashes: Crashes): { store: DocumentStore; bus: Bus } {
  return {
    store: {
      get: (partition, id) => store.get(partition, id),
      list: (partition, options) => store.list(partition, options),
      commit: (batch) => crashes.effect(() => store.commit(batch)),
    },
    bus: {
      publish: (messages) => crashes.effect(() => bus.publish(messages)),
      consume: (queue, handler, options) => bus.consume(queue, handler, options),
      deadLetters: (queue, options) => bus.deadLetters(queue, options),
      revive: (queue, id) => bus.revive(queue, id),
      depth: (queue) => bus.depth(queue),
    },
  };
}
