export interface PaceLimits {
  /** Writes to GitHub per installation and minute. */
  readonly perMinute: number;
  /** How many of them may come at once after a pause. */
  readonly burst: number;
}

/** Above this many installations, idle ones are forgotten. */
const rememberedInstallations = 10_000;

/**
 * When each installation may be written to next: the generic cell rate algorithm, one number per installation.
 *
 * A caller that may not write yet is given a time and comes back then with it; the time is his, so a long queue is sorted once and
 * not asked again and again. After a restart the numbers start anew; times given before still hold, so an installation sees at
 * most twice its rate for a while.
 */
export class Pace {
  readonly #limits: PaceLimits;
  readonly #intervalMs: number;
  /** Theoretical arrival time: when the installation's credit would be used up no more. */
  readonly #arrivals = new Map<string, number>();
  readonly #quietUntil = new Map<string, number>();

  constructor(limits: PaceLimits) {
    this.#limits = limits;
    this.#intervalMs = 60_000 / limits.perMinute;
  }

  /**
   * @param reserved the time given to this caller before, if any
   * @returns when it may write (ms): now or earlier means at once
   */
  reserve(installation: string, nowMs: number, reserved?: number): number {
    const quiet = this.#quietUntil.get(installation) ?? 0;
    if (reserved !== undefined && reserved >= quiet) return reserved;
    const arrival = Math.max(this.#arrivals.get(installation) ?? 0, nowMs, quiet);
    const start = Math.max(nowMs, quiet, arrival - (this.#limits.burst - 1) * this.#intervalMs);
    this.#arrivals.set(installation, arrival + this.#intervalMs);
    if (this.#arrivals.size > rememberedInstallations) this.#forget(nowMs);
    return Math.ceil(start);
  }

  /** GitHub asked for quiet: nothing more before `untilMs`, and no burst then. */
  hush(installation: string, untilMs: number): void {
    if (untilMs <= (this.#quietUntil.get(installation) ?? 0)) return;
    this.#quietUntil.set(installation, untilMs);
    this.#arrivals.set(installation, untilMs + (this.#limits.burst - 1) * this.#intervalMs);
  }

  #forget(nowMs: number): void {
    for (const [installation, arrival] of this.#arrivals) if (arrival <= nowMs) this.#arrivals.delete(installation);
    for (const [installation, until] of this.#quietUntil) if (until <= nowMs) this.#quietUntil.delete(installation);
  }
}
