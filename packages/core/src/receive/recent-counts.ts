/** Keys that are counted at most; the ones not counted for longest are forgotten first. */
const maxKeys = 20_000;

interface Counted {
  readonly startedAt: number;
  readonly now: number;
  readonly before: number;
}

/**
 * How often something happened within the last window, by key. Two numbers a key: the window under way, and the one before it in
 * proportion to how much of it still counts.
 */
export class RecentCounts {
  readonly #windowMs: number;
  readonly #known = new Map<string, Counted>();

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  count(key: string, nowMs: number): number {
    const { startedAt, now, before } = this.#at(key, nowMs);
    return now + before * (1 - (nowMs - startedAt) / this.#windowMs);
  }

  add(key: string, nowMs: number): void {
    const counted = this.#at(key, nowMs);
    this.#known.delete(key);
    this.#known.set(key, { ...counted, now: counted.now + 1 });
    const [oldest] = this.#known.keys();
    if (this.#known.size > maxKeys && oldest !== undefined) this.#known.delete(oldest);
  }

  /** When the window under way ends (ms from now): then there is room again. */
  freeAfterMs(key: string, nowMs: number): number {
    return this.#at(key, nowMs).startedAt + this.#windowMs - nowMs;
  }

  #at(key: string, nowMs: number): Counted {
    const startedAt = Math.floor(nowMs / this.#windowMs) * this.#windowMs;
    const known = this.#known.get(key);
    if (!known || known.startedAt < startedAt - this.#windowMs) return { startedAt, now: 0, before: 0 };
    return known.startedAt === startedAt ? known : { startedAt, now: 0, before: known.now };
  }
}
