import { serverPartition, ZektError, type Bus, type Clock, type DocumentStore, type Log } from '@zekt/core';
import type { Readiness } from '@zekt/contracts';

/** For so long an answer holds (ms): anybody may ask, and each look is a write. */
const holdsMs = 1000;

/** Whether the store takes writes and the bus answers. */
export class StoreProbe {
  readonly #store: Pick<DocumentStore, 'commit'>;
  readonly #bus: Pick<Bus, 'deadLetters'>;
  readonly #clock: Clock;
  readonly #log: Log;
  #last: { readonly at: number; readonly readiness: Promise<Readiness> } | null = null;

  constructor(store: Pick<DocumentStore, 'commit'>, bus: Pick<Bus, 'deadLetters'>, clock: Clock, log: Log) {
    this.#store = store;
    this.#bus = bus;
    this.#clock = clock;
    this.#log = log;
  }

  /** At most one look at a time, and one a second. Never rejects. */
  look(): Promise<Readiness> {
    const now = this.#clock.now();
    if (this.#last === null || now - this.#last.at >= holdsMs) this.#last = { at: now, readiness: this.#look(now) };
    return this.#last.readiness;
  }

  async #look(now: number): Promise<Readiness> {
    const store = await this.#failure(() =>
      this.#store.commit({ partition: serverPartition, writes: [{ kind: 'put', id: 'probe', body: { at: now } }] }),
    );
    const bus = await this.#failure(() => this.#bus.deadLetters('correlate', { limit: 1 }));
    const problem = store ?? bus;
    return {
      ready: problem === null,
      checks: { store: store === null ? 'ok' : 'failing', bus: bus === null ? 'ok' : 'failing' },
      ...(problem !== null && { problem }),
    };
  }

  /** One sentence, which tells strangers nothing of this machine; null when all is well. */
  async #failure(probe: () => Promise<unknown>): Promise<string | null> {
    try {
      await probe();
      return null;
    } catch (error) {
      this.#log.error({ err: error }, 'not ready');
      return error instanceof ZektError ? error.message : "The store does not answer: see the server's log.";
    }
  }
}
