import { updateDocument, type Clock, type DocumentStore, type PaceLimits, type Writes } from '@zekt/core';
import { providerStateId, providerStatePartition } from '../keys.ts';
import { keyText, type ObjectKey } from '../resources/object-key.ts';
import {
  findProviderState,
  getProviderState,
  providerStateWrites,
  untouchedState,
  type ProviderState,
} from '../resources/provider-state.ts';
import { afterAnswer, type DestinationAnswer } from './after-answer.ts';
import { reserve } from './rate.ts';

/** What another process found out is known here after this long. */
const believedMs = 5000;
/** One try goes through when a circuit's time is over; the others wait for what comes of it. */
const probeMs = 30_000;
/** More destinations than anybody has. */
const remembered = 5000;

export type Admission =
  | { readonly kind: 'go' }
  /** `reserved`: whoever comes back then need not ask again. */
  | { readonly kind: 'wait'; readonly until: number; readonly reserved?: number };

interface Destination {
  state: ProviderState;
  readAt: number;
  /** Of its rate: see `reserve`. */
  arrival: number;
}

export interface Question {
  /** Null: as fast as notifications come. */
  readonly limits: PaceLimits | null;
  /** The time that the rate gave before. */
  readonly reserved: number | undefined;
  /** 0 to 1: spreads those who wait for a circuit. */
  readonly random: () => number;
}

/**
 * How destinations are: their circuits, what they asked for, their rates. Held in memory, so that an answer which says nothing new costs no
 * read and no write.
 *
 * Why that is safe: what must outlive this process, or be known to others (failures, an open circuit, Retry-After), is written with the
 * notification that found it out, counted on from what is stored. Others see it five seconds later at most; until then they send at most
 * what a destination refuses. The one try of a circuit whose time is over is agreed on in the store. The rate alone is each process's own: a
 * destination that gets too much says 429, and that is stored.
 */
export class Destinations {
  readonly #store: DocumentStore;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #known = new Map<string, Destination>();

  constructor(store: DocumentStore, clock: Pick<Clock, 'now'>) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Whether a destination may be sent to now. */
  async admit(provider: ObjectKey, { limits, reserved, random }: Question): Promise<Admission> {
    const destination = await this.#of(provider);
    const nowMs = this.#clock.now();
    const { openUntil, quietUntil } = destination.state;
    if (openUntil > nowMs) return { kind: 'wait', until: spreadBehind(openUntil, nowMs, random) };
    if (quietUntil > nowMs) return { kind: 'wait', until: quietUntil };
    if (openUntil > 0) return this.#probe(provider, destination, nowMs, random);
    if (!limits || (reserved !== undefined && reserved >= quietUntil && reserved <= nowMs)) return { kind: 'go' };
    const { slot, arrival } = reserve(limits, destination.arrival, nowMs);
    destination.arrival = arrival;
    return slot > nowMs ? { kind: 'wait', until: slot, reserved: slot } : { kind: 'go' };
  }

  /**
   * Takes an answer in, at once for whoever asks here next.
   *
   * @returns what is to be written down, asked for again after a conflict; nothing where the answer is no news
   */
  async take(provider: ObjectKey, answer: DestinationAnswer): Promise<() => Promise<Writes[]>> {
    const destination = await this.#of(provider);
    const next = afterAnswer(destination.state, answer);
    if (next === null) return async () => [];
    destination.state = next;
    return async () => {
      const seen = await findProviderState(this.#store, provider);
      const body = afterAnswer(seen?.body ?? untouchedState, answer);
      return body ? [providerStateWrites(provider, body, seen)] : [];
    };
  }

  /** The provider is another one now. */
  forget(provider: ObjectKey): void {
    this.#known.delete(keyText(provider));
  }

  async #of(provider: ObjectKey): Promise<Destination> {
    const key = keyText(provider);
    const nowMs = this.#clock.now();
    const known = this.#known.get(key);
    if (known && nowMs - known.readAt < believedMs) return known;
    const state = await getProviderState(this.#store, provider);
    // Whoever asked at the same time was quicker: what he knows may be newer already.
    const meanwhile = this.#known.get(key);
    if (meanwhile && meanwhile.readAt >= nowMs) return meanwhile;
    const destination = { state, readAt: nowMs, arrival: meanwhile?.arrival ?? 0 };
    this.#known.delete(key);
    this.#known.set(key, destination);
    const [oldest] = this.#known.keys();
    if (this.#known.size > remembered && oldest !== undefined) this.#known.delete(oldest);
    return destination;
  }

  /** The one try of all processes. */
  async #probe(provider: ObjectKey, destination: Destination, nowMs: number, random: () => number): Promise<Admission> {
    // Before anything is waited for: here, too, only one goes.
    destination.state = { ...destination.state, openUntil: nowMs + probeMs };
    let stored: ProviderState = untouchedState;
    await updateDocument<ProviderState>(this.#store, providerStatePartition(provider), providerStateId, (current) => {
      stored = current ?? untouchedState;
      const isDue = stored.openUntil > 0 && stored.openUntil <= nowMs;
      return isDue ? { body: { ...stored, openUntil: nowMs + probeMs } } : null;
    });
    if (stored.openUntil <= nowMs) return { kind: 'go' };
    // Somebody else tries, or has failed again.
    destination.state = stored;
    return { kind: 'wait', until: spreadBehind(stored.openUntil, nowMs, random) };
  }
}

/** Not all at once. */
const spreadBehind = (openUntil: number, nowMs: number, random: () => number): number =>
  openUntil + Math.round(random() * Math.max(1000, (openUntil - nowMs) * 0.2));
