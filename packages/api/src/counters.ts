/** Names are few and fixed, save those made of event names; this bounds what a sender could invent. */
const maxNames = 500;

/** Counts since the process started, and tells them on. */
export class Counters {
  readonly #tell: (name: string) => void;
  readonly #counts = new Map<string, number>();

  constructor(tell: (name: string) => void = () => undefined) {
    this.#tell = tell;
  }

  count(name: string): void {
    this.#tell(name);
    const known = this.#counts.get(name);
    if (known === undefined && this.#counts.size >= maxNames) return;
    this.#counts.set(name, (known ?? 0) + 1);
  }

  all(): Record<string, number> {
    return Object.fromEntries([...this.#counts].sort(([a], [b]) => a.localeCompare(b)));
  }
}
