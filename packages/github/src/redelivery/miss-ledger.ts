import { keptMs, overlapMs, type Gap, type Miss } from './progress.ts';

/** One try to deliver a webhook, as GitHub lists it. All tries of a webhook share its GUID. */
export interface Attempt {
  readonly id: string;
  readonly guid: string;
  readonly deliveredAtMs: number;
  readonly isRedelivery: boolean;
  readonly hasArrived: boolean;
  /** The receiver answered 4xx. */
  readonly isRefused: boolean;
  /** Zekt does something about it: of the news of runs, their completion. */
  readonly isActedOn: boolean;
}

/** What was refused so often will be refused again; a server that was not there refused nothing. */
const maxRefusals = 5;
/** Times of deliveries may be given in seconds: those of one second can be on both sides of an edge. */
const grainMs = 1_000;
/** Of what was asked for, something is heard by then. */
const patienceMs = 15 * 60_000;
/** Misses that are over, remembered while their failures may still be met. */
const maxOver = 500;

const isOpen = ({ state, refusals }: Miss): boolean => state === 'open' && refusals < maxRefusals;

/** Which webhooks failed, and what became of them, learned from attempts as they are listed: newest first. */
export class MissLedger {
  readonly #misses: Map<string, Miss>;
  /** Those that are new: each of their attempts is met for the first time. */
  readonly #new = new Set<string>();
  /** Those of which a failure was read by this ledger: had one arrived since, that would have been read before. */
  readonly #met = new Set<string>();

  constructor(known: Readonly<Record<string, Miss>>) {
    this.#misses = new Map(Object.entries(known));
  }

  /** How many may have to be asked for. */
  get open(): number {
    return [...this.#misses.values()].filter(isOpen).length;
  }

  /**
   * @param isFull learn only what became of the misses that are known: the attempt will be met again
   * @returns whether it was a miss for which there was no room
   */
  note(attempt: Attempt, isFull: boolean): boolean {
    const known = this.#misses.get(attempt.guid);
    if (attempt.hasArrived) {
      // What arrived at once has no failures that could be met later.
      if (known || attempt.isRedelivery) this.#misses.set(attempt.guid, arrived(attempt, known));
      return false;
    }
    this.#met.add(attempt.guid);
    if (isFull && (!known || !isAfter(attempt, known))) return !known;
    if (!known) this.#new.add(attempt.guid);
    const isNew = this.#new.has(attempt.guid);
    this.#misses.set(attempt.guid, known ? failedAgain(attempt, known, isNew) : failed(attempt));
    return false;
  }

  /**
   * What to ask for now, the oldest first: GitHub forgets it first. Ids of attempts by GUID.
   *
   * @param isAllRead no attempt is listed that was not noted: of what was asked for long ago, none can have come of it
   * @param isCutShort reading ended in a failure: what was known before may have arrived on a page that was not read
   */
  due(nowMs: number, isAllRead: boolean, isCutShort = false): (readonly [guid: string, id: string])[] {
    const isDue = ({ askedAtMs }: Miss): boolean =>
      askedAtMs === null || (isAllRead && askedAtMs + patienceMs <= nowMs);
    return [...this.#misses]
      .filter(([guid, it]) => isOpen(it) && isDue(it) && (!isCutShort || this.#met.has(guid)))
      .sort(([, a], [, b]) => a.lastMs - b.lastMs)
      .map(([guid, { id }]) => [guid, id]);
  }

  asked(guid: string, askedAtMs: number): void {
    const known = this.#misses.get(guid);
    if (known) this.#misses.set(guid, { ...known, askedAtMs });
  }

  /** GitHub does not have it any more. */
  forgotten(guid: string): void {
    const known = this.#misses.get(guid);
    if (known) this.#misses.set(guid, { ...known, state: 'gone' });
  }

  /** The list will be read anew: failures that were met will be met again. */
  startOver(): void {
    for (const [guid, miss] of this.#misses) this.#misses.set(guid, { ...miss, firstMs: 0 });
  }

  /** What has to be remembered: what is open, and what is not while one of its failures may be met again. */
  remembered(throughMs: number, gaps: readonly Gap[], nowMs: number): Record<string, Miss> {
    const ends = gaps.flatMap(({ fromMs, untilMs }) => [
      { from: fromMs - grainMs, to: fromMs + grainMs },
      { from: untilMs, to: untilMs + overlapMs },
    ]);
    const newest = { from: throughMs - overlapMs, to: Number.POSITIVE_INFINITY };
    // Where it begins with the newest, an arrival is met before its failures.
    const mayBeMet = ({ firstMs, lastMs, state }: Miss): boolean =>
      (state === 'arrived' ? ends : [newest, ...ends]).some(({ from, to }) => firstMs <= to && lastMs >= from);
    const young = [...this.#misses].filter(([, { lastMs }]) => lastMs + keptMs > nowMs);
    const over = young
      .filter(([, it]) => !isOpen(it) && mayBeMet(it))
      .sort(([, a], [, b]) => b.lastMs - a.lastMs)
      .slice(0, maxOver);
    return Object.fromEntries([...young.filter(([, it]) => isOpen(it)), ...over]);
  }
}

/** Without its first attempt, it is not known how far back its failures go. */
const firstOf = ({ deliveredAtMs, isRedelivery }: Attempt): number => (isRedelivery ? 0 : deliveredAtMs);

const failed = (attempt: Attempt): Miss => ({
  id: attempt.id,
  firstMs: firstOf(attempt),
  lastMs: attempt.deliveredAtMs,
  refusals: attempt.isRefused ? 1 : 0,
  askedAtMs: null,
  state: 'open',
});

const arrived = (attempt: Attempt, known: Miss | undefined): Miss => ({
  ...(known ?? failed(attempt)),
  lastMs: Math.max(known?.lastMs ?? 0, attempt.deliveredAtMs),
  state: 'arrived',
});

function failedAgain(attempt: Attempt, known: Miss, isNew: boolean): Miss {
  const isFirst = !attempt.isRedelivery && known.firstMs === 0;
  const isNewer = isAfter(attempt, known);
  const counts = attempt.isRefused && (isNew || isFirst || isNewer);
  const miss = {
    ...known,
    refusals: known.refusals + (counts ? 1 : 0),
    firstMs: isFirst ? attempt.deliveredAtMs : known.firstMs,
  };
  return isNewer && known.state === 'open'
    ? { ...miss, id: attempt.id, lastMs: attempt.deliveredAtMs, askedAtMs: null }
    : miss;
}

/** By time, which may have a grain of a second; ids grow. */
const isAfter = ({ deliveredAtMs, id }: Attempt, { lastMs, id: lastId }: Miss): boolean =>
  deliveredAtMs > lastMs || (deliveredAtMs === lastMs && BigInt(id) > BigInt(lastId));
