// The only file of notifications that makes partition names, document ids, sessions and message ids.
import { digest, guidOf, type Timeline } from '@zekt/core';
import type { InvolvedObject } from './event/notification-event.ts';
import { keyText, type ObjectKey } from './resources/object-key.ts';

// ── Providers and alerts: all of one kind in one partition, so that one list has them.
export const providersPartition = 'notification-providers';
export const alertsPartition = 'alerts';
export const resourceId = (key: ObjectKey): string => keyText(key);

/** How a destination has been. */
export const providerStatePartition = (key: ObjectKey): string => `notification-provider:${keyText(key)}`;
export const providerStateId = 'state';

// ── What an alert remembers.
export const alertMemoryPartition = (key: ObjectKey): string => `alert:${keyText(key)}`;
export const sentSlotId = (dedupeKey: string): string => `sent:${dedupeKey}`;
/** @param scope what a destination shows one state of; `more` tells its objects apart beyond their names */
export const objectStateId = (scope: string, object: InvolvedObject, more: readonly string[]): string => {
  const { kind = '', namespace = '', name = '' } = object;
  return `${scope}:${digest(kind, namespace, name, ...more)}`;
};

// ── Notifications. Their ids are made of what they are about, so that doing it again finds what was done.
export const singleNotificationId = (eventId: string, alert: ObjectKey): string =>
  `notification-${guidOf('one', eventId, keyText(alert))}`;
/** @param window its number: windows of one length follow each other without a gap */
export const groupNotificationId = (alert: ObjectKey, group: string, windowMs: number, window: number): string =>
  `notification-${guidOf('group', keyText(alert), group, String(windowMs), String(window))}`;
export const notificationPartition = (id: string): string => id;
export const notificationDocumentId = 'notification';

/** Days that notifications are kept. */
export const keptDays = 30;
export const notificationTimeline: Timeline = { name: 'notifications', bucketDays: 1, keptDays, shards: 4 };

// ── Their messages.
/** What is about one object keeps its order; different objects of one destination don't wait for each other. */
export const lanesPerProvider = 8;
export const providerSession = (
  provider: ObjectKey,
  { kind = '', namespace = '', name = '' }: InvolvedObject,
): string => {
  const lane = Number.parseInt(digest(kind, namespace, name).slice(0, 8), 16) % lanesPerProvider;
  return `provider:${digest(keyText(provider)).slice(0, 32)}:${lane}`;
};
export const sendMessageId = (id: string, replays: number): string => `send:${id}:${replays}`;
export const groupSession = (id: string): string => `group:${id}`;
export const closeMessageId = (id: string): string => `close:${id}`;
