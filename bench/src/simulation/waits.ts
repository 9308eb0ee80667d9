/** What may make work wait. */
export type Limit =
  | "GitHub's pace for an installation"
  | 'credits of Service Bus'
  | 'RU/s of Cosmos DB'
  | 'receivers of a queue'
  | 'maximumInstanceCount'
  | 'instances that are still to start'
  | 'order within a session'
  | 'CPU of an instance';

/** A shorter wait is how things are. */
const noticedMs = 1000;

/** Notes what was waited for. */
export class Waits {
  readonly #total = new Map<Limit, number>();
  #first: { readonly limit: Limit; readonly atMs: number } | null = null;

  note(limit: Limit, nowMs: number, waitedMs: number): void {
    if (waitedMs <= 0) return;
    this.#total.set(limit, (this.#total.get(limit) ?? 0) + waitedMs);
    if (waitedMs >= noticedMs) this.#first ??= { limit, atMs: nowMs };
  }

  /** The first that made something wait for a second or more. */
  get first(): { readonly limit: Limit; readonly atMs: number } | null {
    return this.#first;
  }

  /** What was waited for most, all waits together. Order within a session is left out: it repeats the waits of those before. */
  get most(): Limit | null {
    const causes = [...this.#total].filter(([limit]) => limit !== 'order within a session');
    return this.#first && (causes.sort(([, a], [, b]) => b - a)[0]?.[0] ?? null);
  }
}
