import {
  handlers,
  queues,
  type Bus,
  type Consumer,
  type DispatchAnswer,
  type DocumentStore,
  type GitHubGateway,
} from '@zekt/core';
import { busOn, CrashError, loopOn, type Crash, type Loop, type ManualClock } from '@zekt/core/testing';
import { issuer } from '../one-run.ts';

export interface RegionOptions {
  /** Reached from both regions. */
  readonly store: DocumentStore;
  /** Of this region alone; it outlives the region's processes. */
  readonly bus: Bus;
  readonly clock: ManualClock;
  /** GitHub; a call is an effect, before or after which the region may be lost. */
  readonly github: GitHubGateway;
}

/** The processes of one region, with a bus of their own and the store that both regions share. */
export class Region {
  #workers: Consumer[] = [];
  /** Effects until the region is lost; null: it is not about to be. */
  #end: Crash | null = null;
  #isLost = false;
  /** What the doors of this region need. */
  readonly loop: Loop;

  constructor(options: RegionOptions) {
    const { clock, github } = options;
    const store: DocumentStore = {
      get: (partition, id) => this.#whileThere(() => options.store.get(partition, id)),
      list: (partition, page) => this.#whileThere(() => options.store.list(partition, page)),
      commit: (batch) => this.#effect(() => options.store.commit(batch)),
    };
    const bus = busOn(store, {
      ...busOn(store, options.bus),
      publish: (messages) => this.#effect(() => options.bus.publish(messages)),
      consume: (queue, handler, sessions) => options.bus.consume(queue, handler, sessions),
    });
    const lossy: GitHubGateway = {
      ...github,
      dispatch: (request) => this.#effect<DispatchAnswer>(() => github.dispatch(request)),
    };
    this.loop = loopOn({ store, bus, clock, github: lossy, issuer });
    this.#work();
  }

  get isLost(): boolean {
    return this.#isLost;
  }

  /** Everything ends at the n-th effect from now, with whatever was in hand. */
  endAt(end: Crash): void {
    this.#end = end;
  }

  /** Everything ends now. */
  async lose(): Promise<void> {
    this.#isLost = true;
    await this.stop();
  }

  /** Its processes start anew, on what is in its bus. */
  comeBack(): void {
    this.#isLost = false;
    this.#end = null;
    this.#work();
  }

  async stop(): Promise<void> {
    await Promise.all(this.#workers.splice(0).map((worker) => worker.stop()));
  }

  #work(): void {
    const { bus } = this.loop;
    this.#workers = queues.map((queue) => bus.consume(queue, handlers(this.loop)[queue], { sessions: 4 }));
  }

  async #whileThere<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isLost) throw new CrashError('the region is lost');
    return work();
  }

  async #effect<T>(work: () => Promise<T>): Promise<T> {
    const at = (this.#end?.at ?? 0) - 1;
    if (this.#end) this.#end = { ...this.#end, at };
    const isLast = this.#end !== null && at <= 0;
    if (isLast && this.#end?.when === 'before') this.#isLost = true;
    const result = await this.#whileThere(work);
    if (isLast) {
      this.#isLost = true;
      throw new CrashError('the region is lost');
    }
    return result;
  }
}
