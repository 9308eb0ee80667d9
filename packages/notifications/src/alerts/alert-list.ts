import type { Clock, DocumentStore } from '@zekt/core';
import { allAlerts, type AlertDocument } from './alert-document.ts';

/** Another process's change takes this long to be seen here. */
const keptMs = 1000;

/** All alerts: every event asks for them. */
export class AlertList {
  readonly #store: DocumentStore;
  readonly #clock: Pick<Clock, 'now'>;
  #known: { readonly alerts: readonly AlertDocument[]; readonly until: number } | null = null;
  #reading: Promise<readonly AlertDocument[]> | null = null;

  constructor(store: DocumentStore, clock: Pick<Clock, 'now'>) {
    this.#store = store;
    this.#clock = clock;
  }

  async all(): Promise<readonly AlertDocument[]> {
    return this.#fresh() ?? this.#read();
  }

  /** From memory. Null when what is there may be out of date; then it is read, for whoever asks next. */
  known(): readonly AlertDocument[] | null {
    const fresh = this.#fresh();
    // Whoever needs the alerts reads them himself, and is told what went wrong.
    if (fresh === null) this.#read().catch(() => undefined);
    return fresh;
  }

  /** This process changed one. */
  forget(): void {
    this.#known = null;
    this.#reading = null;
  }

  #fresh(): readonly AlertDocument[] | null {
    return this.#known && this.#known.until > this.#clock.now() ? this.#known.alerts : null;
  }

  /** Once for all who ask meanwhile. */
  #read(): Promise<readonly AlertDocument[]> {
    if (this.#reading) return this.#reading;
    const until = this.#clock.now() + keptMs;
    const reading = allAlerts(this.#store);
    const isOver = (): boolean => {
      // What was read before a change is not kept after it.
      if (this.#reading !== reading) return false;
      this.#reading = null;
      return true;
    };
    this.#reading = reading;
    reading.then(
      (alerts) => {
        if (isOver()) this.#known = { alerts, until };
      },
      () => void isOver(),
    );
    return reading;
  }
}
