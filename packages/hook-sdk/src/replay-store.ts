/** What a key was found to be: taken now, being worked on, or done before. */
export type Claim = 'new' | 'running' | 'done';

/** Remembers what was handled, so that nothing is handled twice. Share one between processes by a store that can set if absent. */
export interface ReplayStore {
  /** Takes a key, at once for all who ask: one of them gets `new`. @param forMs how long it must be remembered */
  claim(key: string, forMs: number): Claim | Promise<Claim>;
  /** It went well. */
  finish(key: string): void | Promise<void>;
  /** It failed: the next may try. */
  release(key: string): void | Promise<void>;
}

/** For one process: it forgets when the time is over, and the oldest when it is full. */
export class MemoryReplayStore implements ReplayStore {
  readonly #entries = new Map<string, { readonly until: number; isDone: boolean }>();
  readonly #most: number;
  readonly #now: () => number;

  constructor({ most = 100_000, now = Date.now }: { readonly most?: number; readonly now?: () => number } = {}) {
    this.#most = most;
    this.#now = now;
  }

  claim(key: string, forMs: number): Claim {
    const now = this.#now();
    const known = this.#entries.get(key);
    if (known && known.until > now) return known.isDone ? 'done' : 'running';
    this.#entries.delete(key);
    for (const [old, { until }] of this.#entries) {
      if (until > now && this.#entries.size < this.#most) break;
      this.#entries.delete(old);
    }
    this.#entries.set(key, { until: now + forMs, isDone: false });
    return 'new';
  }

  finish(key: string): void {
    const entry = this.#entries.get(key);
    if (entry) entry.isDone = true;
  }

  release(key: string): void {
    this.#entries.delete(key);
  }
}
