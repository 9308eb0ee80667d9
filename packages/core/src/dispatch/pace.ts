import { installationPartition, paceDocumentId } from '../identity/keys.ts';
import type { DocumentStore } from '../ports/document-store.ts';
import { afterWrite, hushed, intervalMs, openAt, untouchedPace, type PaceLimits, type PaceState } from './cell-rate.ts';

/** What is kept of an installation's pace, for the next process that writes to it. */
export async function getPace(store: Pick<DocumentStore, 'get'>, installationId: string): Promise<PaceState | null> {
  return (await store.get<PaceState>(installationPartition(installationId), paceDocumentId))?.body ?? null;
}

export interface Turn {
  readonly installationId: string;
  /** Whose delivery it is: the provider's account. */
  readonly account: string;
  readonly nowMs: number;
  /** The time that it was given before, if any (ms). */
  readonly slot?: number | undefined;
}

interface Line {
  /** Times given out and not come back for yet, in order. */
  slots: number[];
  /** Grows with each write for this account. */
  servedAt: number;
}

interface Installation extends PaceState {
  readonly lines: Map<string, Line>;
  readonly usedAt: number;
  readonly writes: number;
}

/** Another process may have written meanwhile: after a pause the stored state is asked for again. */
const believedMs = 5000;
/** Somebody who does not come back for his time holds up nobody for longer. */
const missedMs = 5000;
/** Every so many writes the state is worth keeping. */
const keepEvery = 10;
/** Above this many accounts that wrote to one installation, those that wait for nothing are forgotten. */
const rememberedAccounts = 1000;
/** Above this many installations, idle ones are forgotten. */
const rememberedInstallations = 10_000;

/**
 * When each installation may be written to next: the generic cell rate algorithm, and who is next among the accounts that want to. Each
 * account has a line of its own; whoever was served longer ago goes first, so that a flood of one does not hold up a single message of
 * another. Held in memory by whoever handles the installation's session.
 */
export class FairPace {
  readonly #limits: PaceLimits;
  readonly #load: (installationId: string) => Promise<PaceState | null>;
  readonly #installations = new Map<string, Installation>();
  #served = 0;

  /** @param load what was kept of an installation; null when nothing was */
  constructor(limits: PaceLimits, load: (installationId: string) => Promise<PaceState | null>) {
    this.#limits = limits;
    this.#load = load;
  }

  /** @returns when it may write (ms): now means at once; otherwise it comes back then, with that time as its slot */
  async reserve({ installationId, account, nowMs, slot }: Turn): Promise<number> {
    const state = await this.#stateOf(installationId, nowMs);
    const line = state.lines.get(account) ?? { slots: [], servedAt: 0 };
    state.lines.set(account, line);
    if (state.lines.size > rememberedAccounts) forgetIdle(state.lines, line);
    if (slot !== undefined) remove(line.slots, slot);
    const open = openAt(this.#limits, state);
    const isTurn = slot !== undefined || !line.slots.some((it) => it > nowMs - missedMs);
    if (nowMs >= open && isTurn && !hasPrecedence(state.lines, line, nowMs)) {
      this.#served += 1;
      line.servedAt = this.#served;
      const after = afterWrite(this.#limits, state, nowMs);
      this.#set(installationId, { ...state, ...after, usedAt: nowMs, writes: state.writes + 1 });
      return nowMs;
    }
    const rivals = [...state.lines.values()].filter(({ slots }) => slots.some((it) => it > nowMs)).length;
    const behind = (line.slots.at(-1) ?? 0) + intervalMs(this.#limits) * Math.max(1, rivals);
    const given = Math.ceil(Math.max(line.slots.length > 0 ? behind : 0, open, nowMs + 1));
    line.slots.push(given);
    this.#set(installationId, { ...state, usedAt: nowMs });
    return given;
  }

  /** GitHub asked for quiet: nothing more before `untilMs`, and no burst then. */
  async hush(installationId: string, untilMs: number, nowMs: number): Promise<void> {
    const state = await this.#stateOf(installationId, nowMs);
    const quiet = hushed(this.#limits, state, untilMs);
    if (quiet) this.#set(installationId, { ...state, ...quiet, writes: 0 });
  }

  /** What the next process must know, when it is time to keep it: every tenth write, and when GitHub has just asked for quiet. */
  worthKeeping(installationId: string): PaceState | null {
    const state = this.#installations.get(installationId);
    if (!state || state.writes % keepEvery !== 0) return null;
    const { arrival, quietUntil } = state;
    return { arrival, quietUntil };
  }

  async #stateOf(installationId: string, nowMs: number): Promise<Installation> {
    const known = this.#installations.get(installationId);
    if (known && nowMs - known.usedAt < believedMs) return known;
    const stored = (await this.#load(installationId)) ?? untouchedPace;
    // Whoever asked at the same time was quicker: his state is as good, and others stand in its lines.
    const meanwhile = this.#installations.get(installationId);
    const state: Installation = {
      arrival: Math.max(meanwhile?.arrival ?? 0, stored.arrival),
      quietUntil: Math.max(meanwhile?.quietUntil ?? 0, stored.quietUntil),
      lines: meanwhile?.lines ?? new Map<string, Line>(),
      usedAt: nowMs,
      writes: meanwhile?.writes ?? 0,
    };
    this.#set(installationId, state);
    return state;
  }

  #set(installationId: string, state: Installation): void {
    this.#installations.set(installationId, state);
    if (this.#installations.size <= rememberedInstallations) return;
    for (const [id, { usedAt, arrival, quietUntil }] of this.#installations) {
      if (Math.max(usedAt + believedMs, arrival, quietUntil) <= state.usedAt) this.#installations.delete(id);
    }
  }
}

function remove(slots: number[], slot: number): void {
  const index = slots.indexOf(slot);
  if (index >= 0) slots.splice(index, 1);
}

function forgetIdle(lines: Map<string, Line>, own: Line): void {
  for (const [account, line] of lines) if (line !== own && line.slots.length === 0) lines.delete(account);
}

/** Whether another account has a delivery whose time has come, and was served longer ago. */
function hasPrecedence(lines: ReadonlyMap<string, Line>, own: Line, nowMs: number): boolean {
  for (const line of lines.values()) {
    if (line === own) continue;
    while (line.slots[0] !== undefined && line.slots[0] <= nowMs - missedMs) line.slots.shift();
    if (line.servedAt < own.servedAt && line.slots[0] !== undefined && line.slots[0] <= nowMs) return true;
  }
  return false;
}
