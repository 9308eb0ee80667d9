import type { EventAccepted } from '@zekt/contracts';
import type { Work } from '@zekt/core';
import type { AlertDocument } from '../alerts/alert-document.ts';
import { gateReason } from '../alerts/gate.ts';
import { matchingAlerts, nextTurn } from '../alerts/matching-alerts.ts';
import { dedupeKey } from '../event/dedupe-key.ts';
import type { NotificationEvent } from '../event/notification-event.ts';
import type { EventIdentity } from '../event/read-event.ts';
import { singleNotificationId } from '../keys.ts';
import type { ProviderType } from '../providers/provider-type.ts';
import { providerTypes } from '../providers/table.ts';
import { shownKey } from '../resources/object-key.ts';
import { getProvider } from '../resources/provider-document.ts';
import { addToGroup } from './add-to-group.ts';
import { eventForAlert } from './event-for-alert.ts';
import {
  findNotification,
  notificationWrites,
  pointerWrites,
  requireSame,
  sendMessage,
  type Member,
  type NotificationDocument,
} from './notification-document.ts';
import type { NotificationsContext } from './notifications-context.ts';

export type Raised = EventAccepted['notifications'][number];

/** What follows from an event: what is to be written, and what to tell whoever sent it. */
export interface Raising {
  readonly work: Work;
  readonly value: Raised[];
}

/** Notifications decided on in one turn of the event loop. */
const atOnce = 50;

/**
 * Decides on a notification for each alert that is about an event; sending comes after. The same event with the same id leads to the same
 * notifications: what is there already is published again as long as it waits, in case that was not done before.
 *
 * @throws ZektError `unavailable` when a group has no open window; `idempotency_key_reused` when the id stands for another event
 */
export async function raiseEvent(
  context: NotificationsContext,
  event: NotificationEvent,
  identity: EventIdentity,
): Promise<Raising> {
  const alerts = await matchingAlerts(event, await context.alerts.all());
  const each: Awaited<ReturnType<typeof raiseFor>>[] = [];
  for (let from = 0; from < alerts.length; from += atOnce) {
    if (from > 0) await nextTurn();
    const some = alerts.slice(from, from + atOnce);
    each.push(...(await Promise.all(some.map((alert) => raiseFor(context, alert, event, identity)))));
  }
  return {
    work: {
      batches: each.flatMap(({ work }) => work.batches ?? []),
      messages: each.flatMap(({ work }) => work.messages ?? []),
    },
    value: each.map(({ raised }) => raised),
  };
}

async function raiseFor(
  context: NotificationsContext,
  alert: AlertDocument,
  event: NotificationEvent,
  { id: eventId, content }: EventIdentity,
): Promise<{ readonly raised: Raised; readonly work: Work }> {
  const provider = { namespace: alert.namespace, name: alert.spec.providerRef.name };
  const names = { alert: shownKey(alert), provider: shownKey(provider) };
  // A provider that is not there yet may come: its notifications wait for it.
  const found = await getProvider(context.store, provider);
  const type = found ? (providerTypes.get(found.spec.type) ?? null) : null;
  const skip = found?.spec.suspend === true ? 'it is suspended' : type && gateReason(event, type);
  if (skip !== null) {
    context.log.debug({ ...names, eventId, skip }, 'an event is not for this destination');
    context.count('notifications.skipped');
    return { raised: { id: null, ...names, outcome: 'skipped', reason: skip }, work: {} };
  }
  const member: Member = {
    eventId,
    ...(content !== undefined && { content }),
    dedupeKey: dedupeKey(event),
    event: await eventForAlert(context, alert, event),
  };
  const first: NotificationDocument = {
    id: singleNotificationId(eventId, alert),
    alert: { namespace: alert.namespace, name: alert.name },
    provider,
    state: 'pending',
    members: [member],
    more: 0,
    attempts: [],
    failures: 0,
    limits: 0,
    nextAttemptAt: null,
    createdAt: context.clock.now(),
    sentAt: null,
    replays: 0,
    outcome: null,
  };
  if (isGrouped(alert, type)) {
    const { id, work } = await addToGroup(context, alert, first, member);
    return { raised: { id, ...names, outcome: 'grouped', reason: null }, work };
  }
  const work = await raiseAlone(context, first, member);
  return { raised: { id: first.id, ...names, outcome: 'queued', reason: null }, work };
}

/** A status or an incident is one for each object: there is nothing to group. */
const isGrouped = ({ spec }: AlertDocument, type: ProviderType | null): boolean =>
  spec.grouping !== undefined && type?.isState !== true;

async function raiseAlone({ store }: NotificationsContext, first: NotificationDocument, member: Member): Promise<Work> {
  const seen = await findNotification(store, first.id);
  if (!seen)
    return { batches: [notificationWrites(first, null), pointerWrites(first)], messages: [sendMessage(first)] };
  requireSame(seen.body, member);
  return seen.body.state === 'pending'
    ? { batches: [pointerWrites(seen.body)], messages: [sendMessage(seen.body)] }
    : {};
}
