import { quietMs, reserveSlot, updateDocument, type DocumentStore, type PaceLimits } from '@zekt/core';
import type { Verdict } from '@zekt/egress';
import type { ObjectKey } from '../resources/object-key.ts';
import { stateId, statePartition, untouchedState, type ProviderState } from '../resources/provider-document.ts';

/** Failures in a row after which a destination is left alone. */
const tolerated = 5;
const [shortestOpenMs, longestOpenMs] = [30_000, 900_000];
/** One try goes through when the time is over; the others wait for what comes of it. */
const probeMs = 30_000;
/** A success is noted again after this long. */
const freshMs = 10_000;

export type Admission =
  | { readonly kind: 'go' }
  /** `reserved`: whoever comes back then need not ask again. */
  | { readonly kind: 'wait'; readonly until: number; readonly reserved?: number };

/** Whether a destination may be sent to now: its circuit, what it asked for, its rate. */
export async function admit(
  store: DocumentStore,
  provider: ObjectKey,
  limits: PaceLimits | undefined,
  {
    nowMs,
    reserved,
    random,
  }: { readonly nowMs: number; readonly reserved?: number | undefined; readonly random: () => number },
): Promise<Admission> {
  let admission: Admission = { kind: 'go' };
  await updateDocument<ProviderState>(store, statePartition(provider), stateId, (current) => {
    const state = current ?? untouchedState;
    admission = { kind: 'go' };
    if (state.openUntil > nowMs) {
      // Not all at once.
      const spread = Math.round(random() * Math.max(1000, (state.openUntil - nowMs) * 0.2));
      admission = { kind: 'wait', until: state.openUntil + spread };
      return null;
    }
    if (state.pace.quietUntil > nowMs) {
      admission = { kind: 'wait', until: state.pace.quietUntil };
      return null;
    }
    if (state.openUntil > 0) return { body: { ...state, openUntil: nowMs + probeMs } };
    if (!limits) return null;
    const { slot, state: pace } = reserveSlot(limits, state.pace, nowMs, reserved);
    if (slot > nowMs) admission = { kind: 'wait', until: slot, reserved: slot };
    return pace && { body: { ...state, pace } };
  });
  return admission;
}

/** The state after an answer; null when it says nothing new. */
export function afterVerdict(
  state: ProviderState,
  verdict: Verdict,
  status: number | null,
  { nowMs, limits, random }: { readonly nowMs: number; readonly limits: number; readonly random: () => number },
): ProviderState | null {
  if (verdict.kind === 'done') {
    const isNews =
      state.failures > 0 ||
      state.openUntil > 0 ||
      state.lastSuccessAt === null ||
      nowMs - state.lastSuccessAt >= freshMs;
    return isNews ? { ...state, failures: 0, opened: 0, openUntil: 0, lastSuccessAt: nowMs } : null;
  }
  const lastError = { at: nowMs, status, reason: verdict.reason };
  switch (verdict.kind) {
    case 'limited': {
      const quietUntil = Math.max(state.pace.quietUntil, nowMs + (verdict.afterMs ?? quietMs(limits)));
      // It answers: it is not down.
      return { ...state, failures: 0, opened: 0, openUntil: 0, lastError, pace: { ...state.pace, quietUntil } };
    }
    case 'refused':
      return { ...state, failures: 0, opened: 0, openUntil: 0, lastError };
    case 'again': {
      const failures = state.failures + 1;
      if (failures < tolerated) return { ...state, failures, lastError };
      const openMs = Math.min(shortestOpenMs * 2 ** state.opened, longestOpenMs) * (0.8 + 0.4 * random());
      return { ...state, failures, opened: state.opened + 1, openUntil: nowMs + Math.round(openMs), lastError };
    }
  }
}

export async function noteVerdict(
  store: DocumentStore,
  provider: ObjectKey,
  verdict: Verdict,
  status: number | null,
  circumstances: Parameters<typeof afterVerdict>[3],
): Promise<void> {
  await updateDocument<ProviderState>(store, statePartition(provider), stateId, (current) => {
    const next = afterVerdict(current ?? untouchedState, verdict, status, circumstances);
    return next && { body: next };
  });
}
