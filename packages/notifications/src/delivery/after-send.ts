import { quietMs, type RetryPolicy } from '@zekt/core';
import type { Verdict } from '@zekt/egress';
import type { NotificationAttempt, NotificationDocument } from './notification-document.ts';

/** Answers that ask for quiet use up no step of the schedule, but are bounded too. */
const maxLimits = 30;
const keptAttempts = 20;
const shortestWaitMs = 1000;

/** A notification that is over: sent, or for the reason that is its outcome. */
export const ended = (
  notification: NotificationDocument,
  state: 'suppressed' | 'dropped' | 'deadlettered',
  outcome: string,
): NotificationDocument => ({ ...notification, state, outcome, nextAttemptAt: null });

export const sent = (
  notification: NotificationDocument,
  nowMs: number,
  status: number | null,
): NotificationDocument => ({
  ...attempted(notification, { at: nowMs, outcome: 'sent', status, reason: null }),
  state: 'sent',
  outcome: null,
  nextAttemptAt: null,
  sentAt: nowMs,
});

/** What becomes of a notification whose destination was asked. */
export function afterSend(
  notification: NotificationDocument,
  verdict: Verdict,
  status: number | null,
  nowMs: number,
  retry: RetryPolicy,
): NotificationDocument {
  if (verdict.kind === 'done') return sent(notification, nowMs, status);
  const { kind, reason } = verdict;
  const tried = attempted(notification, { at: nowMs, outcome: kind, status, reason });
  if (kind === 'refused') return ended(tried, 'deadlettered', reason);
  const spread = 0.8 + 0.4 * retry.random();
  if (kind === 'limited') {
    if (notification.limits >= maxLimits) return ended(tried, 'deadlettered', `It kept asking for quiet: ${reason}`);
    const waitMs = verdict.afterMs ?? quietMs(notification.limits) * spread;
    const nextAttemptAt = Math.round(nowMs + Math.max(waitMs, shortestWaitMs));
    return { ...tried, limits: notification.limits + 1, nextAttemptAt };
  }
  const waitMs = retry.scheduleMs[notification.failures];
  if (waitMs === undefined)
    return ended(tried, 'deadlettered', `Given up after ${notification.failures + 1} tries. The last: ${reason}`);
  return { ...tried, failures: notification.failures + 1, nextAttemptAt: Math.round(nowMs + waitMs * spread) };
}

const attempted = (notification: NotificationDocument, attempt: NotificationAttempt): NotificationDocument => ({
  ...notification,
  attempts: [...notification.attempts, attempt].slice(-keptAttempts),
});
