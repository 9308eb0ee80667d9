import { installationPartition } from '../directory/installation.ts';
import type { DocumentStore } from '../ports/document-store.ts';
import { updateDocument } from '../ports/update-document.ts';

export interface PaceLimits {
  /** Writes to GitHub per installation and minute. */
  readonly perMinute: number;
  /** How many of them may come at once after a pause. */
  readonly burst: number;
}

/**
 * When each installation may be written to next.
 *
 * A caller that may not write yet is given a time and comes back then with it; the time is his, so a long queue is sorted once and
 * not asked again and again.
 */
export interface Pace {
  /**
   * @param reserved the time given to this caller before, if any
   * @returns when it may write (ms): now or earlier means at once
   */
  reserve(installation: string, nowMs: number, reserved?: number): Promise<number>;
  /** GitHub asked for quiet: nothing more before `untilMs`, and no burst then. */
  hush(installation: string, untilMs: number): Promise<void>;
}

export interface PaceState {
  /** Theoretical arrival time: when the installation's credit would be used up no more (ms). */
  readonly arrival: number;
  readonly quietUntil: number;
}

const intervalMs = ({ perMinute }: PaceLimits): number => 60_000 / perMinute;
const untouched: PaceState = { arrival: 0, quietUntil: 0 };

/** The generic cell rate algorithm: one number for each installation. The state is null when it need not change. */
export function reserveSlot(
  limits: PaceLimits,
  { arrival: last, quietUntil }: PaceState,
  nowMs: number,
  reserved?: number,
): { readonly slot: number; readonly state: PaceState | null } {
  if (reserved !== undefined && reserved >= quietUntil) return { slot: reserved, state: null };
  const interval = intervalMs(limits);
  const arrival = Math.max(last, nowMs, quietUntil);
  const slot = Math.max(nowMs, quietUntil, arrival - (limits.burst - 1) * interval);
  return { slot: Math.ceil(slot), state: { arrival: arrival + interval, quietUntil } };
}

/** The state after GitHub asked for quiet; null when it asked for more before. */
export function hushed(limits: PaceLimits, { quietUntil }: PaceState, untilMs: number): PaceState | null {
  if (untilMs <= quietUntil) return null;
  return { quietUntil: untilMs, arrival: untilMs + (limits.burst - 1) * intervalMs(limits) };
}

/** Above this many installations, idle ones are forgotten. */
const rememberedInstallations = 10_000;

/**
 * For one process. After a restart the numbers start anew; times given before still hold, so an installation sees at most twice its
 * rate for a while.
 */
export class MemoryPace implements Pace {
  readonly #limits: PaceLimits;
  readonly #states = new Map<string, PaceState>();

  constructor(limits: PaceLimits) {
    this.#limits = limits;
  }

  async reserve(installation: string, nowMs: number, reserved?: number): Promise<number> {
    const { slot, state } = reserveSlot(this.#limits, this.#stateOf(installation), nowMs, reserved);
    if (state) this.#states.set(installation, state);
    if (this.#states.size > rememberedInstallations) this.#forget(nowMs);
    return slot;
  }

  async hush(installation: string, untilMs: number): Promise<void> {
    const state = hushed(this.#limits, this.#stateOf(installation), untilMs);
    if (state) this.#states.set(installation, state);
  }

  #stateOf(installation: string): PaceState {
    return this.#states.get(installation) ?? untouched;
  }

  #forget(nowMs: number): void {
    for (const [installation, { arrival, quietUntil }] of this.#states) {
      if (Math.max(arrival, quietUntil) <= nowMs) this.#states.delete(installation);
    }
  }
}

const paceId = 'pace';
/** An idle installation has its whole burst again long before this. */
const keptMs = 24 * 3_600_000;

/** For many processes on one store: they share each installation's rate, for a read and a write per dispatch. */
export class StoredPace implements Pace {
  readonly #limits: PaceLimits;
  readonly #store: DocumentStore;

  constructor(limits: PaceLimits, store: DocumentStore) {
    this.#limits = limits;
    this.#store = store;
  }

  async reserve(installation: string, nowMs: number, reserved?: number): Promise<number> {
    let slot = nowMs;
    await this.#change(installation, (current) => {
      const reservation = reserveSlot(this.#limits, current, nowMs, reserved);
      slot = reservation.slot;
      return reservation.state;
    });
    return slot;
  }

  async hush(installation: string, untilMs: number): Promise<void> {
    await this.#change(installation, (current) => hushed(this.#limits, current, untilMs));
  }

  async #change(installation: string, change: (current: PaceState) => PaceState | null): Promise<void> {
    await updateDocument<PaceState>(this.#store, installationPartition(installation), paceId, (current) => {
      const next = change(current ?? untouched);
      return next && { body: next, expiresAt: Math.max(next.arrival, next.quietUntil) + keptMs };
    });
  }
}
