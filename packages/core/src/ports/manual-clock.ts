import type { Clock } from './clock.ts';

/** A clock that stands still until told to go on. */
export class ManualClock implements Clock {
  #now: number;
  readonly #alarms = new Set<{ readonly at: number; readonly callback: () => void }>();

  constructor(startMs = Date.UTC(2026, 10, 22, 12)) {
    this.#now = startMs;
  }

  now(): number {
    return this.#now;
  }

  at(atMs: number, callback: () => void): () => void {
    const alarm = { at: atMs, callback };
    this.#alarms.add(alarm);
    // What is due already rings soon, not now: as timers do.
    if (atMs <= this.#now) setImmediate(() => this.#ring(alarm));
    return () => this.#alarms.delete(alarm);
  }

  /** Moves on by `ms`, ringing each alarm on the way at its own time. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const [next] = [...this.#alarms].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.#now = Math.max(this.#now, next.at);
      this.#ring(next);
    }
    this.#now = end;
  }

  #ring(alarm: { readonly at: number; readonly callback: () => void }): void {
    if (this.#alarms.delete(alarm)) alarm.callback();
  }
}

const spins = 2000;
const giveUpMs = 20_000;

/** Waits until something holds: a turn of the event loop at a time at first, then a few milliseconds, for what goes over a wire. */
export async function eventually(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const giveUpAt = Date.now() + giveUpMs;
  for (let turn = 0; turn < spins || Date.now() < giveUpAt; turn += 1) {
    if (await holds()) return;
    await new Promise((resolve) => (turn < spins ? setImmediate(resolve) : setTimeout(resolve, 5)));
  }
  throw new Error(`it never happened: ${what}`);
}
