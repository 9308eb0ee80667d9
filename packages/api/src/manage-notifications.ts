import { randomUUID } from 'node:crypto';
import type {
  EventAccepted,
  Notification,
  NotificationAlertPage,
  NotificationPage,
  NotificationProviderPage,
  ProviderTestAnswer,
  Removed,
} from '@zekt/contracts';
import { commitDecided, readTimeline } from '@zekt/core';
import {
  getNotification,
  notificationNotFound,
  notificationTimeline,
  presentNotification,
  replayNotification,
  testProvider,
} from '@zekt/notifications';
import { requireReporter } from './authenticate.ts';
import { param, readPaging, type Call } from './call.ts';
import { hasBody, readContract } from './read-body.ts';
import { readIdempotencyKey } from './receive-event.ts';

/** As notification-controller has it. */
const maxEventBytes = 3 * 1_048_576;

/**
 * Durable when it answers; sending comes after. Whoever sent it repeats it when it fails: Flux's controllers do. With the same
 * `Idempotency-Key` that is the same request; without one, what is repeated is left to the dedupe windows of alerts.
 */
export async function receiveEvent({ zekt, request }: Call): Promise<EventAccepted> {
  requireReporter(zekt, request);
  const key = readIdempotencyKey(request);
  const event = await readContract(request, 'NotificationEvent', maxEventBytes);
  const identity = key === null ? randomUUID() : `key ${key}`;
  zekt.counters.count('notification-events.received');
  const notifications = await commitDecided(zekt.bus, () => zekt.notifications.take(event, identity));
  return { accepted: true, notifications };
}

export async function list(call: Call): Promise<NotificationPage> {
  const { store, clock } = call.zekt;
  const page = await readTimeline<{ id: string }>(store, notificationTimeline, clock.now(), readPaging(call));
  const found = await Promise.all(page.items.map(({ id }) => getNotification(store, id)));
  return { items: found.filter((it) => it !== null).map(presentNotification), next: page.next };
}

export async function get(call: Call): Promise<Notification> {
  const found = await getNotification(call.zekt.store, param(call, 'id'));
  if (!found) throw notificationNotFound(param(call, 'id'));
  return presentNotification(found);
}

export async function replay(call: Call): Promise<Notification> {
  return presentNotification(await replayNotification(call.zekt.store, param(call, 'id')));
}

const keyOf = (call: Call): { namespace: string; name: string } => ({
  namespace: param(call, 'namespace'),
  name: param(call, 'name'),
});
const removed = (call: Call): Removed => ({ removed: `${param(call, 'namespace')}/${param(call, 'name')}` });

export async function listProviders(call: Call): Promise<NotificationProviderPage> {
  const { after, limit } = readPaging(call);
  const page = await call.zekt.notifications.listProviders(after, limit);
  return { items: [...page.items], next: page.next };
}

export async function deleteProvider(call: Call): Promise<Removed> {
  await call.zekt.notifications.removeProvider(keyOf(call));
  return removed(call);
}

export async function tryProvider(call: Call): Promise<ProviderTestAnswer> {
  const wanted = hasBody(call.request) ? await readContract(call.request, 'ProviderTestRequest') : {};
  return testProvider(call.zekt.notifications, keyOf(call), wanted);
}

export async function listAlerts(call: Call): Promise<NotificationAlertPage> {
  const { after, limit } = readPaging(call);
  const page = await call.zekt.notifications.listAlerts(after, limit);
  return { items: [...page.items], next: page.next };
}

export async function deleteAlert(call: Call): Promise<Removed> {
  await call.zekt.notifications.removeAlert(keyOf(call));
  return removed(call);
}
