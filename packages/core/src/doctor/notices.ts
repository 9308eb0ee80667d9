import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';

/** Something that went wrong and that an operator can mend. */
export interface Notice {
  readonly sentence: string;
  readonly fix: string;
}

/** The last of its kind, as this process noticed it. */
export interface Noticed extends Notice {
  /** Milliseconds. */
  readonly at: number;
}

const logEveryMs = 60_000;
/** Kinds are few, save those that carry a provider's or a channel's name. */
const maxKinds = 1000;

interface Seen {
  last: Noticed;
  loggedAt: number;
  unlogged: number;
}

/**
 * Logs at warn what goes wrong at the moment when it does: the first of a kind at once, and no kind more than once a minute, so that whoever
 * sends rubbish can't fill the log. The doctor asks for the last of a kind.
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
    const seen = this.#seen.get(kind) ?? {
      last: { sentence, fix, at },
      loggedAt: Number.NEGATIVE_INFINITY,
      unlogged: 0,
    };
    if (!this.#seen.has(kind) && this.#seen.size >= maxKinds) return;
    this.#seen.set(kind, seen);
    seen.last = { sentence, fix, at };
    if (at - seen.loggedAt < logEveryMs) {
      seen.unlogged += 1;
      return;
    }
    this.#log.warn({ kind, fix, ...(seen.unlogged > 0 && { alsoSince: seen.unlogged }) }, sentence);
    seen.loggedAt = at;
    seen.unlogged = 0;
  }

  /** @returns null when there was none within this time */
  last(kind: string, withinMs: number): Noticed | null {
    const last = this.#seen.get(kind)?.last;
    return last && this.#clock.now() - last.at <= withinMs ? last : null;
  }
}
