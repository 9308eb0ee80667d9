import type { App } from '@octokit/app';
import { RequestError } from '@octokit/request-error';
import { apiVersion } from '../api-version.ts';
import { listAttempts, type AttemptPage } from './list-attempts.ts';
import { MissLedger, type Attempt } from './miss-ledger.ts';
import { overlapMs, type Gap, type RedeliveryProgress } from './progress.ts';

export interface SweepLimits {
  /**
   * Pages of 100 deliveries; more than what comes in two minutes, which is looked at twice. An App has 5,000 requests an hour, and a sweep comes every five
   * minutes. @default 100
   */
  readonly pages: number;
  /** GitHub takes about 80 writes a minute ("Rate limits for the REST API", secondary limits). @default 400 */
  readonly asked: number;
  /** How many misses are remembered: no older ones are looked for until some have arrived. @default 500 */
  readonly open: number;
}

/** A stretch to look at, from the newest or from a gap's cursor. */
type Stretch = Omit<Gap, 'cursor'> & { readonly cursor: string | null };

/** GitHub does not know what it is asked for: no use in asking again. */
const isUnknown = (error: unknown): boolean =>
  error instanceof RequestError && [400, 404, 410, 422].includes(error.status);

/** One look at the list of deliveries, and what is asked for after it. */
export class Sweep {
  readonly #app: App;
  readonly #limits: SweepLimits;
  readonly #ledger: MissLedger;
  readonly #sinceMs: number;
  #throughMs: number;
  #gaps: readonly Gap[];
  #isTopLeft = false;
  #isAllRead = true;
  #hasToStartOver = false;
  #pages = 0;
  problem: Error | null = null;

  constructor(app: App, limits: SweepLimits, { throughMs, gaps, misses }: RedeliveryProgress) {
    this.#app = app;
    this.#limits = limits;
    this.#throughMs = throughMs;
    this.#sinceMs = throughMs;
    this.#gaps = gaps;
    this.#ledger = new MissLedger(misses);
  }

  /** Newest first: what arrived at last is known before its failures are met. */
  async look(): Promise<void> {
    // What is in a gap is looked at there.
    const untilMs = Math.max(this.#sinceMs - overlapMs, ...this.#gaps.map(({ fromMs }) => fromMs));
    const top: Stretch = { cursor: null, fromMs: Number.POSITIVE_INFINITY, untilMs };
    const left: Stretch[] = [];
    for (const stretch of [top, ...this.#gaps]) left.push(...(await this.#lookAt(stretch)));
    this.#isTopLeft = this.#hasToStartOver || left.some(({ cursor }) => cursor === null);
    this.#gaps = this.#hasToStartOver
      ? []
      : left.flatMap(({ cursor, ...edges }) => (cursor === null ? [] : [{ cursor, ...edges }]));
  }

  /** @returns what is left of it, if anything */
  async #lookAt({ cursor, fromMs, untilMs }: Stretch): Promise<Stretch[]> {
    let rest: Stretch | null = null;
    let next: Stretch = { cursor, fromMs, untilMs };
    for (;;) {
      const page = await this.#page(next.cursor);
      if (page === null) {
        this.#isAllRead = false;
        return [rest ?? next];
      }
      // Where there is no room for a miss, it goes on next time; what arrived is still worth knowing now.
      const isFull = rest !== null || this.#ledger.open >= this.#limits.open;
      const within = page.attempts.filter(({ deliveredAtMs }) => deliveredAtMs >= untilMs);
      const unnoted = within.filter((attempt) => this.#ledger.note(attempt, isFull));
      if (unnoted.length > 0) rest ??= next;
      if (next.cursor === null && rest === null) this.#throughMs = Math.max(this.#throughMs, newest(page.attempts));
      if (page.next === null || within.length < page.attempts.length) return rest === null ? [] : [rest];
      next = { cursor: page.next, fromMs: oldest(page.attempts), untilMs };
    }
  }

  /** @returns null when no more can be looked at in this call */
  async #page(cursor: string | null): Promise<AttemptPage | null> {
    if (this.#pages >= this.#limits.pages || this.problem) return null;
    try {
      const page = await listAttempts(this.#app, cursor);
      this.#pages += 1;
      return page;
    } catch (error) {
      if (this.#pages === 0 || !Error.isError(error)) throw error;
      this.problem = error;
      if (isUnknown(error)) this.#startOver();
      return null;
    }
  }

  /** GitHub does not take a cursor of its own any more: next time all that is left is looked for from the newest on. */
  #startOver(): void {
    this.#throughMs = Math.min(this.#sinceMs, ...this.#gaps.map(({ untilMs }) => untilMs + overlapMs));
    this.#ledger.startOver();
    this.#hasToStartOver = true;
  }

  /** @returns how many were asked for */
  async ask(nowMs: number): Promise<number> {
    let asked = 0;
    const due = this.#ledger.due(nowMs, this.#isAllRead, this.problem !== null);
    for (const [guid, id] of due.slice(0, this.#limits.asked)) {
      try {
        await this.#app.octokit.request(`POST /app/hook/deliveries/${id}/attempts`, {
          headers: { 'x-github-api-version': apiVersion },
        });
        this.#ledger.asked(guid, nowMs);
        asked += 1;
      } catch (error) {
        if (!isUnknown(error)) {
          if (!Error.isError(error)) throw error;
          this.problem = error;
          break;
        }
        this.#ledger.forgotten(guid);
      }
    }
    return asked;
  }

  progress(nowMs: number): RedeliveryProgress {
    return {
      throughMs: this.#throughMs,
      gaps: this.#gaps,
      misses: this.#ledger.remembered(this.#throughMs, this.#gaps, nowMs),
    };
  }

  isBehind(nowMs: number): boolean {
    return this.#isTopLeft || this.#gaps.length > 0 || this.#ledger.due(nowMs, this.#isAllRead).length > 0;
  }
}

const timesOf = (attempts: readonly Attempt[]): number[] => attempts.map(({ deliveredAtMs }) => deliveredAtMs);
const newest = (attempts: readonly Attempt[]): number => Math.max(0, ...timesOf(attempts));
const oldest = (attempts: readonly Attempt[]): number => Math.min(...timesOf(attempts));
