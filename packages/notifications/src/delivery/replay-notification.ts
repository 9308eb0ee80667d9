import { updateDocument, ZektError, type DocumentStore } from '@zekt/core';
import { notificationDocumentId, notificationPartition } from '../keys.ts';
import {
  getNotification,
  notificationExpiry,
  sendMessage,
  type NotificationDocument,
} from './notification-document.ts';

/**
 * Sends a notification again from the first try, whatever was sent before. One that is under way stays as it is.
 *
 * @throws ZektError `not_found`; `conflict` while its window is open
 */
export async function replayNotification(store: DocumentStore, id: string): Promise<NotificationDocument> {
  const updated = await updateDocument<NotificationDocument>(
    store,
    notificationPartition(id),
    notificationDocumentId,
    (current) => {
      if (!current || current.state === 'pending' || current.state === 'collecting') return null;
      const next: NotificationDocument = {
        ...current,
        state: 'pending',
        failures: 0,
        limits: 0,
        nextAttemptAt: null,
        outcome: null,
        replays: current.replays + 1,
      };
      return { body: next, expiresAt: notificationExpiry(next), messages: [sendMessage(next)] };
    },
  );
  if (updated.changed) return updated.body;
  const found = await getNotification(store, id);
  if (!found) throw notFound(id);
  if (found.state === 'collecting')
    throw new ZektError('conflict', `'${id}' still collects events; it is sent when its window is over.`);
  return found;
}

export const notFound = (id: string): ZektError =>
  new ZektError('not_found', `There is no notification '${id}'. \`zekt notifications list\` lists the last ones.`);
