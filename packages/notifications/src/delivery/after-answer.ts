import { quietMs } from '@zekt/core';
import type { Verdict } from '@zekt/egress';
import type { ProviderState } from '../resources/provider-state.ts';

/** Failures in a row after which a destination is left alone. */
const tolerated = 5;
const [shortestOpenMs, longestOpenMs] = [30_000, 900_000];
/** What says nothing new is noted again after this long. */
const freshMs = 10_000;

/** What a destination answered. */
export interface DestinationAnswer {
  readonly verdict: Verdict;
  readonly status: number | null;
  /** When (ms). */
  readonly at: number;
  /** Answers that asked for quiet before it, of the same notification. */
  readonly limits: number;
  /** 0 to 1: spreads the time for which a circuit is open. */
  readonly random: number;
}

/** The state of a destination after an answer; null when it says nothing that is worth writing down. */
export function afterAnswer(
  state: ProviderState,
  { verdict, status, at, limits, random }: DestinationAnswer,
): ProviderState | null {
  const isIll = state.failures > 0 || state.openUntil > 0;
  const well = { failures: 0, opened: 0, openUntil: 0 };
  if (verdict.kind === 'done') {
    const isNews = isIll || state.lastSuccessAt === null || at - state.lastSuccessAt >= freshMs;
    return isNews ? { ...state, ...well, lastSuccessAt: at } : null;
  }
  const lastError = { at, status, reason: verdict.reason };
  switch (verdict.kind) {
    case 'limited': {
      const quietUntil = Math.max(state.quietUntil, at + (verdict.afterMs ?? quietMs(limits)));
      // It answers: it is not down.
      return { ...state, ...well, lastError, quietUntil };
    }
    case 'refused': {
      const isNews = isIll || state.lastError === null || at - state.lastError.at >= freshMs;
      return isNews ? { ...state, ...well, lastError } : null;
    }
    case 'again': {
      const failures = state.failures + 1;
      if (failures < tolerated) return { ...state, failures, lastError };
      const openMs = Math.min(shortestOpenMs * 2 ** state.opened, longestOpenMs) * (0.8 + 0.4 * random);
      return { ...state, failures, opened: state.opened + 1, openUntil: at + Math.round(openMs), lastError };
    }
  }
}
