export interface PaceLimits {
  /** Writes per minute. */
  readonly perMinute: number;
  /** How many of them may come at once after a pause. */
  readonly burst: number;
}

/** The generic cell rate algorithm keeps one number for each destination, and here when that asked for quiet. */
export interface PaceState {
  /** Theoretical arrival time: when the credit would be used up no more (ms). */
  readonly arrival: number;
  /** It asked for quiet until then (ms). */
  readonly quietUntil: number;
}

export const untouchedPace: PaceState = { arrival: 0, quietUntil: 0 };

export const intervalMs = ({ perMinute }: PaceLimits): number => 60_000 / perMinute;

/** From when on it may be written to (ms). */
export const openAt = (limits: PaceLimits, { arrival, quietUntil }: PaceState): number =>
  Math.max(quietUntil, arrival - (limits.burst - 1) * intervalMs(limits));

/** The state after a write, or after a time was given away for one. */
export const afterWrite = (limits: PaceLimits, { arrival, quietUntil }: PaceState, nowMs: number): PaceState => ({
  arrival: Math.max(arrival, nowMs, quietUntil) + intervalMs(limits),
  quietUntil,
});

/** The state after it asked for quiet: no burst then. Null when it asked for more before. */
export function hushed(limits: PaceLimits, { quietUntil }: PaceState, untilMs: number): PaceState | null {
  if (untilMs <= quietUntil) return null;
  return { quietUntil: untilMs, arrival: untilMs + (limits.burst - 1) * intervalMs(limits) };
}

/**
 * A time to write at that is given away at once, so that whoever has it need not ask again.
 *
 * @param reserved the time given before, if any
 * @returns the state is null when it need not change
 */
export function reserveSlot(
  limits: PaceLimits,
  state: PaceState,
  nowMs: number,
  reserved?: number,
): { readonly slot: number; readonly state: PaceState | null } {
  if (reserved !== undefined && reserved >= state.quietUntil) return { slot: reserved, state: null };
  const after = afterWrite(limits, state, nowMs);
  const slot = Math.max(nowMs, state.quietUntil, after.arrival - limits.burst * intervalMs(limits));
  return { slot: Math.ceil(slot), state: after };
}
