import { countersPartition, timedId } from '../identity/keys.ts';
import type { DocumentStore } from '../ports/document-store.ts';

/** Counts of one server process in one hour, by minute of the epoch and name. */
interface HourOfCounts {
  readonly minutes: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const keptMs = 31 * dayMs;
/** Names are few and fixed, save those made of event names; this bounds what a sender could invent. */
const maxNames = 500;

/**
 * Counts what operators watch, by minute. Each process writes its own every minute, so that any of them can add up all: a crash forgets a
 * minute.
 */
export class Counters {
  readonly #instance: string;
  readonly #now: () => number;
  readonly #tell: (name: string) => void;
  readonly #names = new Set<string>();
  readonly #hours = new Map<number, Map<number, Map<string, number>>>();

  /**
   * @param instance a name that no other process has
   * @param tell told of each count, for metrics
   */
  constructor(instance: string, now: () => number, tell: (name: string) => void = () => undefined) {
    this.#instance = instance;
    this.#now = now;
    this.#tell = tell;
  }

  count(name: string): void {
    this.#tell(name);
    if (!this.#names.has(name) && this.#names.size >= maxNames) return;
    this.#names.add(name);
    const nowMs = this.#now();
    const hour = getOrMake(this.#hours, Math.floor(nowMs / hourMs), () => new Map<number, Map<string, number>>());
    const minute = getOrMake(hour, Math.floor(nowMs / minuteMs), () => new Map<string, number>());
    minute.set(name, (minute.get(name) ?? 0) + 1);
  }

  /** What this process has counted in this hour and the last. */
  own(): Record<string, number> {
    const sums = new Map<string, number>();
    for (const minutes of this.#hours.values())
      for (const counts of minutes.values())
        for (const [name, count] of counts) sums.set(name, (sums.get(name) ?? 0) + count);
    return Object.fromEntries([...sums].sort(([a], [b]) => a.localeCompare(b)));
  }

  /** Writes what was counted in this hour and the last; call it every minute, and at the end. */
  async flush(store: Pick<DocumentStore, 'commit'>): Promise<void> {
    const nowMs = this.#now();
    for (const [hour, minutes] of this.#hours) {
      const atMs = hour * hourMs;
      const body: HourOfCounts = {
        minutes: Object.fromEntries([...minutes].map(([minute, counts]) => [minute, Object.fromEntries(counts)])),
      };
      const id = timedId(atMs, this.#instance);
      const partition = countersPartition(Math.floor(atMs / dayMs));
      await store.commit({ partition, writes: [{ kind: 'put', id, body, expiresAt: atMs + keptMs }] });
      if (atMs + 2 * hourMs < nowMs) this.#hours.delete(hour);
    }
  }

  /** Sums of all processes' last 24 hours, this one's to this moment. */
  async lastDay(store: Pick<DocumentStore, 'list'>): Promise<Record<string, number>> {
    const nowMs = this.#now();
    const today = Math.floor(nowMs / dayMs);
    const sums = new Map<string, number>();
    const add = (counts: Iterable<readonly [string, number]>): void => {
      for (const [name, count] of counts) sums.set(name, (sums.get(name) ?? 0) + count);
    };
    for (const day of [today - 1, today]) {
      const { items } = await store.list<HourOfCounts>(countersPartition(day), { limit: 1000 });
      for (const { id, body } of items) {
        if (id.endsWith(`~${this.#instance}`) && this.#hours.has(Math.floor(Number(id.split('~')[0]) / hourMs)))
          continue;
        for (const [minute, counts] of Object.entries(body.minutes))
          if (Number(minute) * minuteMs > nowMs - dayMs) add(Object.entries(counts));
      }
    }
    for (const minutes of this.#hours.values())
      for (const [minute, counts] of minutes) if (minute * minuteMs > nowMs - dayMs) add(counts);
    return Object.fromEntries([...sums].sort(([a], [b]) => a.localeCompare(b)));
  }
}

function getOrMake<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
