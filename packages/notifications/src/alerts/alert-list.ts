import type { Clock, DocumentStore } from '@zekt/core';
import { allAlerts, type AlertDocument } from './alert-document.ts';

/** Another process's change takes this long to be seen here. */
const keptMs = 1000;

/** All alerts: every event asks for them. */
export class AlertList {
  readonly #store: DocumentStore;
  readonly #clock: Clock;
  #known: { readonly alerts: readonly AlertDocument[]; readonly until: number } | null = null;

  constructor(store: DocumentStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  async all(): Promise<readonly AlertDocument[]> {
    const nowMs = this.#clock.now();
    if (this.#known && this.#known.until > nowMs) return this.#known.alerts;
    const alerts = await allAlerts(this.#store);
    this.#known = { alerts, until: nowMs + keptMs };
    return alerts;
  }

  /** This process changed one. */
  forget(): void {
    this.#known = null;
  }
}
