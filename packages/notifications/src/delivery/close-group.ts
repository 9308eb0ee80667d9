import { complete, ZektError, type Outcome } from '@zekt/core';
import {
  findNotification,
  notificationWrites,
  sendMessage,
  type NotificationDocument,
} from './notification-document.ts';
import type { NotificationsContext } from './notifications-context.ts';

/**
 * The window of a group is over: from here on it is a notification like any other.
 *
 * @throws ZektError `unavailable` while the group can't be seen
 */
export async function closeGroup({ store }: Pick<NotificationsContext, 'store'>, id: string): Promise<Outcome> {
  const seen = await findNotification(store, id);
  if (!seen) throw new ZektError('unavailable', `The group ${id} is not visible yet.`);
  // Closed before, by a handler that may have failed before it published what sends it.
  if (seen.body.state === 'pending') return { messages: [sendMessage(seen.body)], settlement: complete };
  if (seen.body.state !== 'collecting') return { settlement: complete };
  const body: NotificationDocument = { ...seen.body, state: 'pending' };
  return { batches: [notificationWrites(body, seen)], messages: [sendMessage(body)], settlement: complete };
}
