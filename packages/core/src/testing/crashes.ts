import type { Bus } from '../ports/bus.ts';
import type { DocumentStore } from '../ports/document-store.ts';
import { busOn } from './bus-on.ts';

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

/** Store and bus whose writes may crash: an outcome happens as a whole, as in one file. */
export function crashing(store: DocumentStore, bus: Bus, crashes: Crashes): { store: DocumentStore; bus: Bus } {
  return {
    store: { ...readsOf(store), commit: (batch) => crashes.effect(() => store.commit(batch)) },
    bus: {
      ...restOf(bus),
      publish: (messages) => crashes.effect(() => bus.publish(messages)),
      commit: (work) => crashes.effect(() => bus.commit(work)),
      consume: (queue, handler, options) => bus.consume(queue, handler, options),
    },
  };
}

/** The same for a place where batches, messages and settlement are steps of their own, with a crash possible between any two. */
export function crashingInSteps(store: DocumentStore, bus: Bus, crashes: Crashes): { store: DocumentStore; bus: Bus } {
  const whole = crashing(store, bus, crashes);
  return { store: whole.store, bus: busOn(whole.store, whole.bus) };
}

const readsOf = (store: DocumentStore): Pick<DocumentStore, 'get' | 'list'> => ({
  get: (partition, id) => store.get(partition, id),
  list: (partition, options) => store.list(partition, options),
});

const restOf = (bus: Bus): Pick<Bus, 'deadLetters' | 'revive' | 'reviveAll' | 'depth'> => ({
  deadLetters: (queue, options) => bus.deadLetters(queue, options),
  revive: (queue, id) => bus.revive(queue, id),
  reviveAll: (queue) => bus.reviveAll(queue),
  depth: (queue) => bus.depth(queue),
});
