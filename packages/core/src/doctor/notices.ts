import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';

/** Something that went wrong and that an operator can mend. */
export interface Notice {
  readonly sentence: string;
  readonly fix: string;
}

const logEveryMs = 60_000;
/** Kinds are few, save those that go on with a name, as `provider NAME`; of these so many are remembered for their minute. */
const maxNamed = 1000;
const isNamed = (kind: string): boolean => kind.includes(' ');

interface Seen {
  loggedAt: number;
  unlogged: number;
}

/**
 * Logs at warn what goes wrong at the moment when it does: the first of a kind at once, and no kind more than once a minute, so that whoever
 * sends rubbish can't fill the log.
 */
export class Notices {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #log: Pick<Log, 'warn'>;
  readonly #seen = new Map<string, Seen>();

  constructor(clock: Pick<Clock, 'now'>, log: Pick<Log, 'warn'>) {
    this.#clock = clock;
    this.#log = log;
  }

  note(kind: string, { sentence, fix }: Notice): void {
    const at = this.#clock.now();
    const seen = this.#seen.get(kind);
    if (seen && at - seen.loggedAt < logEveryMs) {
      seen.unlogged += 1;
      return;
    }
    if (!seen && isNamed(kind) && !this.#hasRoom(at)) return;
    this.#seen.set(kind, { loggedAt: at, unlogged: 0 });
    this.#log.warn({ kind, fix, ...(seen && seen.unlogged > 0 && { alsoSince: seen.unlogged }) }, sentence);
  }

  /** For one more that somebody named. Those whose minute is over make room. */
  #hasRoom(at: number): boolean {
    if (this.#seen.size < maxNamed) return true;
    for (const [kind, { loggedAt }] of this.#seen)
      if (isNamed(kind) && at - loggedAt >= logEveryMs) this.#seen.delete(kind);
    return this.#seen.size < maxNamed;
  }
}
