import type { DispatchAnswer } from '../ports/github.ts';
import type { Attempt, DeliveryDocument } from './delivery-document.ts';

export interface RetryPolicy {
  /** Waits between tries (ms); when they are used up the delivery becomes a dead letter. */
  readonly scheduleMs: readonly number[];
  /** 0 to 1, uniformly; spreads each wait by ±20 %. */
  readonly random: () => number;
}

/** `1s,5s,30s,2m,10m,1h,3h,8h,12h`: ten tries in a little over 24 hours. */
export const defaultScheduleMs: readonly number[] = [1, 5, 30, 120, 600, 3600, 10_800, 28_800, 43_200].map(
  (s) => s * 1000,
);

/** Doubling from a minute to an hour, this many polite waits span more than a day. */
const maxLimits = 30;
const shortestQuietMs = 60_000;
const longestQuietMs = 3_600_000;

/** How long GitHub is left alone after the n-th request for quiet that named no time (n from 0). */
export const quietMs = (limits: number): number => Math.min(shortestQuietMs * 2 ** limits, longestQuietMs);

/**
 * The delivery after GitHub's answer. Attempts in a row that were asked to wait use up no step of the schedule, but are bounded too.
 * Never sooner than GitHub allows, never twice at the same moment for all (jitter).
 */
export function afterAttempt(
  delivery: DeliveryDocument,
  answer: DispatchAnswer,
  nowMs: number,
  policy: RetryPolicy,
): DeliveryDocument {
  const attempted = {
    ...delivery,
    ...(answer.repository !== undefined && { repository: answer.repository }),
    updatedAt: nowMs,
    sent: answer.kind === 'suspended' ? delivery.sent : delivery.sent + 1,
    attempts: [...delivery.attempts, attemptOf(answer, nowMs)].slice(-20),
  };
  switch (answer.kind) {
    case 'accepted':
      return { ...attempted, state: 'dispatched', dispatchedAt: nowMs, nextAttemptAt: null, reason: null };
    case 'refused':
      return dead(attempted, answer.reason);
    case 'suspended':
      return { ...attempted, state: 'held', nextAttemptAt: null };
    case 'limited': {
      if (delivery.limits >= maxLimits) return dead(attempted, `GitHub kept asking for quiet: ${answer.reason}`);
      const until = answer.notBefore ?? nowMs + quietMs(delivery.limits);
      return {
        ...attempted,
        state: 'pending',
        limits: delivery.limits + 1,
        nextAttemptAt: Math.max(until, nowMs + 1000),
      };
    }
    case 'retry': {
      const waitMs = policy.scheduleMs[delivery.failures];
      if (waitMs === undefined)
        return dead(attempted, `Given up after ${attempted.sent} tries. The last answer: ${answer.reason}`);
      const spread = 0.8 + 0.4 * policy.random();
      return {
        ...attempted,
        state: 'pending',
        failures: delivery.failures + 1,
        nextAttemptAt: nowMs + Math.round(waitMs * spread),
      };
    }
  }
}

function dead(delivery: DeliveryDocument, reason: string): DeliveryDocument {
  return { ...delivery, state: 'deadlettered', nextAttemptAt: null, reason };
}

function attemptOf(answer: DispatchAnswer, at: number): Attempt {
  if (answer.kind === 'suspended') return { at, outcome: 'held', status: null, reason: answer.reason };
  if (answer.kind === 'accepted') return { at, outcome: 'accepted', status: answer.status };
  return { at, outcome: answer.kind, status: answer.status, reason: answer.reason };
}
