/** Names are few and fixed, save those made of event names; this bounds what a sender could invent. */
const maxNames = 500;

/** Counts since the process started. */
export class Counters {
  readonly #counts = new Map<string, number>();

  count(name: string): void {
    const known = this.#counts.get(name);
    if (known === undefined && this.#counts.size >= maxNames) return;
    this.#counts.set(name, (known ?? 0) + 1);
  }

  all(): Record<string, number> {
    return Object.fromEntries([...this.#counts].sort(([a], [b]) => a.localeCompare(b)));
  }
}
