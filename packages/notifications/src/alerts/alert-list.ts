import type { Clock, DocumentStore } from '@zekt/core';
import { allAlerts, type AlertDocument } from './alert-document.ts';

/** Another process's change takes this long to be seen here. */
const keptMs = 1000;

/** All alerts: every event asks for them. */
export class AlertList {
  readonly #store: DocumentStore;
  readonly #clock: Clock;
  #changes = 0;
  #known: { readonly alerts: readonly AlertDocument[]; readonly until: number } | null = null;

  constructor(store: DocumentStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  async all(): Promise<readonly AlertDocument[]> {
    const nowMs = this.#clock.now();
    if (this.#known && this.#known.until > nowMs) return this.#known.alerts;
    const changes = this.#changes;
    const alerts = await allAlerts(this.#store);
    // What was read before a change is not kept after it.
    if (changes === this.#changes) this.#known = { alerts, until: nowMs + keptMs };
    return alerts;
  }

  /** This process changed one. */
  forget(): void {
    this.#changes += 1;
    this.#known = null;
  }
}
