import { complete, quietMs, updateDocument, type Handler, type Settlement } from '@zekt/core';
import type { Verdict } from '@zekt/egress';
import { getAlert, type AlertDocument } from '../alerts/alert-document.ts';
import type { ProviderType } from '../providers/provider-type.ts';
import { providerTypes } from '../providers/table.ts';
import { keyText, shownKey } from '../resources/object-key.ts';
import { getProvider, type ProviderDocument } from '../resources/provider-document.ts';
import { resolveProvider, type ResolvedProvider } from '../sending/resolve-config.ts';
import { sendEvent } from '../sending/send-event.ts';
import { admit, noteVerdict } from './admission.ts';
import { dedupeWindowOf, recall, writeDown, type Recalled, type StateScope } from './alert-memory.ts';
import { combineEvents } from './combine-events.ts';
import {
  getNotification,
  notificationExpiry,
  notificationId,
  sendMessage,
  type NotificationDocument,
  type NotificationWork,
} from './notification-document.ts';
import type { NotificationsContext } from './notifications-context.ts';

/** The longest that a notification is worth sending. */
const longestLifeMs = 26 * 3_600_000;
/** Answers that ask for quiet use up no step of the schedule, but are bounded too. */
const maxLimits = 30;

/** Sends what is to be sent, and closes the windows of groups. */
export function notificationsHandler(context: NotificationsContext): Handler {
  return async ({ body }) => {
    const work = body as NotificationWork;
    return work.kind === 'close' ? closeGroup(context, work.id) : send(context, work);
  };
}

/** From here on it is a notification like any other. */
async function closeGroup({ store }: NotificationsContext, id: string): Promise<Settlement> {
  await updateDocument<NotificationDocument>(store, id, notificationId, (current) => {
    if (current?.state !== 'collecting') return null;
    const body: NotificationDocument = { ...current, state: 'pending' };
    return { body, expiresAt: notificationExpiry(body), messages: [sendMessage(body)] };
  });
  return complete;
}

async function send(
  context: NotificationsContext,
  work: Extract<NotificationWork, { kind: 'send' }>,
): Promise<Settlement> {
  const { store, clock, retry } = context;
  const notification = await getNotification(store, work.id);
  if (notification?.state !== 'pending') return complete;
  const nowMs = clock.now();
  if (notification.nextAttemptAt !== null && notification.nextAttemptAt > nowMs)
    return { settle: 'again', at: notification.nextAttemptAt, body: work };
  const [alert, provider] = await Promise.all([
    getAlert(store, notification.alert),
    getProvider(store, notification.provider),
  ]);
  const isReplay = notification.replays > 0;
  if (!alert && !isReplay) return end(context, notification, 'dropped', 'The alert was removed.');
  if (provider?.spec.suspend === true) return end(context, notification, 'dropped', 'The provider is suspended.');
  const recalled = alert && !isReplay ? await recallFor(context, alert, provider, notification) : null;
  if (recalled?.isSent) return end(context, notification, 'sent', null);
  if (alert && recalled?.reason) {
    await writeDown(store, alert, recalled.looked);
    return end(context, notification, 'suppressed', recalled.reason);
  }
  const resolved = await resolveFor(context, notification, alert, provider);
  if ('problems' in resolved)
    return fail(context, notification, { kind: 'again', reason: resolved.problems.join('; ') }, null);
  const { rateLimit } = provider?.spec ?? {};
  const limits = rateLimit ? { burst: 1, ...rateLimit } : resolved.type.rate;
  const admission = await admit(store, notification.provider, limits, {
    nowMs,
    reserved: work.reserved,
    random: retry.random,
  });
  if (admission.kind === 'wait') {
    if (admission.until > notification.createdAt + longestLifeMs && !isReplay)
      return giveUp(context, notification, 'The destination could not be sent to for more than a day.');
    const { until, reserved } = admission;
    return { settle: 'again', at: until, body: { ...work, ...(reserved !== undefined && { reserved }) } };
  }
  const members = recalled?.members ?? notification.members;
  const event = combineEvents(
    members.map((member) => member.event),
    notification.more,
    notification.alert,
  );
  const { verdict, status } = await sendEvent(context, resolved, event);
  await noteVerdict(store, notification.provider, verdict, status, {
    nowMs: clock.now(),
    limits: notification.limits,
    random: retry.random,
  });
  if (verdict.kind !== 'done') return fail(context, notification, verdict, status);
  // Before its own document knows: whoever comes after a crash in between finds here that it was sent.
  if (alert && recalled) await writeDown(store, alert, recalled.told);
  return end(context, notification, 'sent', null, status);
}

async function recallFor(
  { store, clock, dedupeWindowMs }: NotificationsContext,
  alert: AlertDocument,
  provider: ProviderDocument | null,
  notification: NotificationDocument,
): Promise<Recalled> {
  const type = provider && providerTypes.get(provider.spec.type);
  return recall(store, alert, notification, {
    scope: scopeOf(alert, type),
    windowMs: dedupeWindowOf(alert, dedupeWindowMs),
    nowMs: clock.now(),
  });
}

function scopeOf({ spec }: AlertDocument, type: ProviderType | null | undefined): StateScope | null {
  if (spec.notifyOn === 'changes') return 'changes';
  if (type?.isState !== true) return null;
  return type.gate === 'commitStatus' ? 'commit' : 'incident';
}

async function resolveFor(
  context: NotificationsContext,
  { members, provider: key }: NotificationDocument,
  alert: AlertDocument | null,
  provider: ProviderDocument | null,
): Promise<ResolvedProvider | { readonly problems: readonly string[] }> {
  if (!provider) return { problems: [`There is no provider '${shownKey(key)}'.`] };
  const resolved = await resolveProvider({ ...context, remembered: (it) => context.remembered.of(it) }, provider);
  const [member] = members;
  const { commitStatusExpr = '' } = provider.spec;
  if ('problems' in resolved || commitStatusExpr === '' || !member) return resolved;
  try {
    const { evaluateStatusId } = await import('../sending/status-expression.ts');
    const { uid, namespace, name } = provider;
    const metadata = { uid, namespace, name };
    const statusId = evaluateStatusId(
      commitStatusExpr,
      member.event,
      { metadata: { namespace: alert?.namespace ?? '', name: alert?.name ?? '' }, spec: alert?.spec ?? {} },
      { metadata, spec: provider.spec },
    );
    return { ...resolved, config: { ...resolved.config, statusId } };
  } catch (error) {
    return { problems: [error instanceof Error ? error.message : ''] };
  }
}

async function fail(
  context: NotificationsContext,
  notification: NotificationDocument,
  verdict: Exclude<Verdict, { kind: 'done' }>,
  status: number | null,
): Promise<Settlement> {
  const { clock, retry } = context;
  const nowMs = clock.now();
  const { kind, reason } = verdict;
  const attempted: NotificationDocument = {
    ...notification,
    attempts: [...notification.attempts, { at: nowMs, outcome: kind, status, reason }].slice(-20),
  };
  if (kind === 'refused') return giveUp(context, attempted, reason);
  const spread = 0.8 + 0.4 * retry.random();
  if (kind === 'limited') {
    if (notification.limits >= maxLimits) return giveUp(context, attempted, `It kept asking for quiet: ${reason}`);
    const waitMs = verdict.afterMs ?? quietMs(notification.limits) * spread;
    return comeBack(context, { ...attempted, limits: notification.limits + 1 }, nowMs + Math.max(waitMs, 1000));
  }
  const waitMs = retry.scheduleMs[notification.failures];
  if (waitMs === undefined)
    return giveUp(context, attempted, `Given up after ${notification.failures + 1} tries. The last: ${reason}`);
  return comeBack(context, { ...attempted, failures: notification.failures + 1 }, nowMs + waitMs * spread);
}

async function comeBack(
  context: NotificationsContext,
  notification: NotificationDocument,
  at: number,
): Promise<Settlement> {
  const next = { ...notification, nextAttemptAt: Math.round(at) };
  await write(context, next);
  context.count('notifications.retried');
  return { settle: 'again', at: next.nextAttemptAt, body: { kind: 'send', id: next.id } satisfies NotificationWork };
}

/** It can be asked for again: nothing is thrown away. */
async function giveUp(
  context: NotificationsContext,
  notification: NotificationDocument,
  reason: string,
): Promise<Settlement> {
  const { id, alert, provider } = notification;
  context.log.warn(
    { notification: id, alert: keyText(alert), provider: keyText(provider), reason },
    'a notification could not be delivered; zekt notifications replay sends it again',
  );
  return end(context, notification, 'deadlettered', reason);
}

async function end(
  context: NotificationsContext,
  notification: NotificationDocument,
  state: 'sent' | 'suppressed' | 'dropped' | 'deadlettered',
  outcome: string | null,
  status: number | null = null,
): Promise<Settlement> {
  const nowMs = context.clock.now();
  const attempts =
    state === 'sent'
      ? [...notification.attempts, { at: nowMs, outcome: 'sent' as const, status, reason: null }].slice(-20)
      : notification.attempts;
  await write(context, {
    ...notification,
    state,
    outcome,
    attempts,
    nextAttemptAt: null,
    sentAt: state === 'sent' ? nowMs : notification.sentAt,
  });
  context.count(`notifications.${state}`);
  return complete;
}

/** Only what is pending is changed: a replay that came meanwhile is a notification of its own count. */
async function write({ store }: NotificationsContext, next: NotificationDocument): Promise<void> {
  await updateDocument<NotificationDocument>(store, next.id, notificationId, (current) =>
    current?.state === 'pending' && current.replays === next.replays
      ? { body: next, expiresAt: notificationExpiry(next) }
      : null,
  );
}
