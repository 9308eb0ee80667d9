import type { Clock } from '@zekt/core';

const windowMs = 60_000;
const maxKeys = 10_000;

/** Counts tries within a minute, in this process. Good against a stuck button or a guesser, not against an army. */
export class RateLimit {
  readonly #most: number;
  readonly #clock: Clock;
  readonly #tries = new Map<string, { count: number; readonly since: number }>();

  /** @param most tries of a key within a minute */
  constructor(most: number, clock: Clock) {
    this.#most = most;
    this.#clock = clock;
  }

  /** Whether one more is too many. */
  isExceeded(key: string): boolean {
    const nowMs = this.#clock.now();
    const known = this.#tries.get(key);
    if (known && nowMs - known.since < windowMs) {
      known.count += 1;
      return known.count > this.#most;
    }
    this.#tries.delete(key);
    this.#tries.set(key, { count: 1, since: nowMs });
    // The oldest window first.
    for (const oldest of this.#tries.keys()) {
      if (this.#tries.size <= maxKeys) break;
      this.#tries.delete(oldest);
    }
    return false;
  }
}
