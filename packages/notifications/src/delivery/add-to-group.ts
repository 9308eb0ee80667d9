import { goDurationMs, ZektError, type Stored, type Work } from '@zekt/core';
import type { AlertDocument } from '../alerts/alert-document.ts';
import type { NotificationEvent } from '../event/notification-event.ts';
import { shorten } from '../event/shorten.ts';
import { groupNotificationId } from '../keys.ts';
import {
  closeMessage,
  findNotification,
  notificationWrites,
  pointerWrites,
  requireSame,
  type Member,
  type NotificationDocument,
} from './notification-document.ts';
import type { NotificationsContext } from './notifications-context.ts';

/** Members of a group that are kept; more are counted. */
const mostMembers = 40;
/** Of the message of a member. */
const mostMemberChars = 2000;
/** Windows that a late event looks for room in: clocks of machines differ by less than that. */
const mostWindows = 3;

/**
 * What puts an event into the notification of its window. Windows follow each other without a gap, so which one it is depends on the time
 * alone; the event of a window that is closed already goes into the next.
 *
 * @param first the notification as it would be for this event alone
 * @throws ZektError `unavailable` when no window is open; `idempotency_key_reused` when the id stands for another event
 */
export async function addToGroup(
  { store, clock }: Pick<NotificationsContext, 'store' | 'clock'>,
  alert: AlertDocument,
  first: NotificationDocument,
  member: Member,
): Promise<{ readonly id: string; readonly work: Work }> {
  const windowMs = goDurationMs(alert.spec.grouping?.window ?? '1s');
  const group = groupOf(member.event, alert.spec.grouping?.by ?? []);
  const index = Math.floor(clock.now() / windowMs);
  for (let window = index; window <= index + mostWindows; window += 1) {
    const id = groupNotificationId(alert, group, windowMs, window);
    const seen = await findNotification(store, id);
    if (seen) requireSame(seen.body, member);
    const hasMember = seen?.body.members.some(({ eventId }) => eventId === member.eventId) === true;
    if (seen && seen.body.state !== 'collecting') {
      if (hasMember) return { id, work: {} };
      continue;
    }
    return { id, work: workOf(seen, hasMember, { ...first, id }, member, (window + 1) * windowMs) };
  }
  throw new ZektError('unavailable', 'There is no open window for the event.');
}

/**
 * The window is closed by a message that goes with each event, under one id: where documents and messages are not one transaction, whoever
 * began the group may have failed before it was published.
 */
function workOf(
  seen: Stored<NotificationDocument> | null,
  hasMember: boolean,
  first: NotificationDocument,
  member: Member,
  endsAt: number,
): Work {
  const messages = [closeMessage(first.id, endsAt)];
  if (seen && hasMember) return { batches: [pointerWrites(seen.body)], messages };
  const base: NotificationDocument = seen?.body ?? { ...first, state: 'collecting', members: [], more: 0 };
  const isFull = base.members.length >= mostMembers;
  const short = { ...member, event: { ...member.event, message: shorten(member.event.message, mostMemberChars) } };
  const body: NotificationDocument = {
    ...base,
    members: isFull ? base.members : [...base.members, short],
    more: base.more + (isFull ? 1 : 0),
  };
  return { batches: [notificationWrites(body, seen), ...(seen ? [] : [pointerWrites(body)])], messages };
}

function groupOf(
  { involvedObject: { kind = '', namespace = '', name = '' }, reason, severity }: NotificationEvent,
  by: readonly ('object' | 'namespace' | 'kind' | 'reason' | 'severity')[],
): string {
  const values = { object: `${kind}/${namespace}/${name}`, namespace, kind, reason, severity };
  return JSON.stringify(by.map((it) => values[it]));
}
