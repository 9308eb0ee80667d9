import type { EventAccepted } from '@zekt/contracts';
import { addToTimeline, guidOf, updateDocument, ZektError } from '@zekt/core';
import type { AlertDocument } from '../alerts/alert-document.ts';
import { gateReason } from '../alerts/gate.ts';
import { matchesAlert } from '../alerts/match-alert.ts';
import { boundMetadata } from '../event/bound-metadata.ts';
import { dedupeKey } from '../event/dedupe-key.ts';
import { mergeMetadata } from '../event/metadata.ts';
import type { NotificationEvent } from '../event/notification-event.ts';
import { shorten } from '../event/shorten.ts';
import type { ProviderType } from '../providers/provider-type.ts';
import { providerTypes } from '../providers/table.ts';
import { goDurationMs } from '../resources/go-duration.ts';
import { keyText, shownKey } from '../resources/object-key.ts';
import { getProvider } from '../resources/provider-document.ts';
import {
  closeMessage,
  getNotification,
  notificationExpiry,
  notificationId,
  notificationTimeline,
  sendMessage,
  type Member,
  type NotificationDocument,
} from './notification-document.ts';
import type { NotificationsContext } from './notifications-context.ts';

export type Raised = EventAccepted['notifications'][number];

/** Members of a group that are kept; more are counted. */
const mostMembers = 40;
/** What a document has room for; no destination takes as much. */
const mostStoredChars = 100_000;
const mostStoredMetadata = 300_000;
/** Of the message of a member. */
const mostMemberChars = 2000;
/** Windows that a late event looks for room in. */
const mostWindows = 3;

/**
 * Writes a notification for each alert that is about an event; sending comes after. Durable when it resolves, and the same when it is
 * repeated with the same id.
 */
export async function raiseEvent(
  context: NotificationsContext,
  event: NotificationEvent,
  eventId: string,
): Promise<Raised[]> {
  const alerts = (await context.alerts.all()).filter(({ spec }) => matchesAlert(event, spec));
  const raised: Raised[] = [];
  for (const alert of alerts) raised.push(await raiseFor(context, alert, event, eventId));
  return raised;
}

async function raiseFor(
  context: NotificationsContext,
  alert: AlertDocument,
  event: NotificationEvent,
  eventId: string,
): Promise<Raised> {
  const provider = { namespace: alert.namespace, name: alert.spec.providerRef.name };
  const names = { alert: shownKey(alert), provider: shownKey(provider) };
  // A provider that is not there yet may come: its notifications wait for it.
  const found = await getProvider(context.store, provider);
  const type = found ? (providerTypes.get(found.spec.type) ?? null) : null;
  const skip = found?.spec.suspend === true ? 'it is suspended' : type && gateReason(event, type);
  if (skip !== null) {
    context.log.debug({ ...names, eventId, skip }, 'an event is not for this destination');
    context.count('notifications.skipped');
    return { id: null, ...names, outcome: 'skipped', reason: skip };
  }
  const member: Member = { eventId, dedupeKey: dedupeKey(event), event: await forProvider(context, alert, event) };
  const first: NotificationDocument = {
    id: `notification-${guidOf('one', eventId, keyText(alert))}`,
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
    const id = await addToGroup(context, alert, first, member);
    return { id, ...names, outcome: 'grouped', reason: null };
  }
  await create(context, first);
  return { id: first.id, ...names, outcome: 'queued', reason: null };
}

/** A status or an incident is one for each object: there is nothing to group. */
const isGrouped = ({ spec }: AlertDocument, type: ProviderType | null): boolean =>
  spec.grouping !== undefined && type?.isState !== true;

/** The event with the metadata and the message that the alert makes of it. */
async function forProvider(
  context: NotificationsContext,
  alert: AlertDocument,
  event: NotificationEvent,
): Promise<NotificationEvent> {
  const { log } = context;
  const { eventMetadata = {}, summary = null, template } = alert.spec;
  const { metadata, conflicts } = mergeMetadata(event, { eventMetadata, summary });
  if (conflicts.length > 0)
    log.warn({ alert: keyText(alert), conflicts }, 'metadata comes from more than one source; the last one wins');
  const { metadata: _, ...rest } = event;
  const merged: NotificationEvent = { ...rest, ...(Object.keys(metadata).length > 0 && { metadata }) };
  const message = template === undefined ? event.message : await templated(context, alert, template, merged);
  return boundMetadata({ ...merged, message: shorten(message, mostStoredChars) }, mostStoredMetadata);
}

/** Templates are loaded where there is one. */
async function templated(
  { log }: NotificationsContext,
  { name, namespace }: AlertDocument,
  template: string,
  event: NotificationEvent,
): Promise<string> {
  const { renderMessage } = await import('../alerts/render-template.ts');
  const { message, problem } = renderMessage(template, event, { name, namespace, summary: event.metadata?.summary });
  if (problem !== null)
    log.warn({ alert: keyText({ name, namespace }), problem }, 'a template failed; the message is sent as it is');
  return message;
}

async function create({ store, clock }: NotificationsContext, document: NotificationDocument): Promise<void> {
  if (await getNotification(store, document.id)) return;
  await addToTimeline(store, notificationTimeline, clock.now(), document.id, { id: document.id });
  await store.commit({
    partition: document.id,
    writes: [{ kind: 'create', id: notificationId, body: document, expiresAt: notificationExpiry(document) }],
    messages: [sendMessage(document)],
  });
}

/**
 * Puts an event into the notification of its window. Windows follow each other without a gap, so which one it is depends on the time
 * alone; the event of a window that is closed already goes into the next.
 */
async function addToGroup(
  context: NotificationsContext,
  alert: AlertDocument,
  first: NotificationDocument,
  member: Member,
): Promise<string> {
  const { store, clock } = context;
  const windowMs = goDurationMs(alert.spec.grouping?.window ?? '1s');
  const group = groupOf(member.event, alert.spec.grouping?.by ?? []);
  const short = { ...member, event: { ...member.event, message: shorten(member.event.message, mostMemberChars) } };
  const index = Math.floor(clock.now() / windowMs);
  for (let window = index; ; window += 1) {
    const id = `notification-${guidOf('group', keyText(alert), group, String(windowMs), String(window))}`;
    const endsAt = (window + 1) * windowMs;
    const known = await getNotification(store, id);
    if (known?.members.some(({ eventId }) => eventId === member.eventId)) return id;
    if (!known) await addToTimeline(store, notificationTimeline, clock.now(), id, { id });
    const updated = await updateDocument<NotificationDocument>(store, id, notificationId, (current) => {
      if (current && current.state !== 'collecting') return null;
      if (current?.members.some(({ eventId }) => eventId === member.eventId)) return null;
      const base: NotificationDocument = current ?? { ...first, id, state: 'collecting', members: [], more: 0 };
      const isFull = base.members.length >= mostMembers;
      const body = {
        ...base,
        members: isFull ? base.members : [...base.members, short],
        more: base.more + (isFull ? 1 : 0),
      };
      return {
        body,
        expiresAt: notificationExpiry(body),
        messages: current ? [] : [closeMessage(id, endsAt)],
      };
    });
    if (updated.changed) return id;
    const closed = await getNotification(store, id);
    if (closed?.members.some(({ eventId }) => eventId === member.eventId)) return id;
    // Clocks of machines differ by less than that.
    if (window >= index + mostWindows) throw new ZektError('unavailable', 'There is no open window for the event.');
  }
}

function groupOf(
  { involvedObject: { kind = '', namespace = '', name = '' }, reason, severity }: NotificationEvent,
  by: readonly ('object' | 'namespace' | 'kind' | 'reason' | 'severity')[],
): string {
  const values = { object: `${kind}/${namespace}/${name}`, namespace, kind, reason, severity };
  return JSON.stringify(by.map((it) => values[it]));
}
