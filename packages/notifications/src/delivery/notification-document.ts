import type { Notification } from '@zekt/contracts';
import { digest, type BusMessage, type DocumentStore, type Timeline } from '@zekt/core';
import type { NotificationEvent } from '../event/notification-event.ts';
import { keyText, type ObjectKey } from '../resources/object-key.ts';

/** One event of a notification, as the provider sees it. */
export interface Member {
  readonly eventId: string;
  /** What makes two events the same one for the alert. */
  readonly dedupeKey: string;
  readonly event: NotificationEvent;
}

export interface NotificationAttempt {
  readonly at: number;
  readonly outcome: 'sent' | 'again' | 'limited' | 'refused';
  readonly status: number | null;
  readonly reason: string | null;
}

/** One event, or a group of them, on its way to one provider. Times in milliseconds. */
export interface NotificationDocument {
  readonly id: string;
  readonly alert: ObjectKey;
  readonly provider: ObjectKey;
  readonly state: Notification['state'];
  /** In the order they came. */
  readonly members: readonly Member[];
  /** Events of the group that are counted only. */
  readonly more: number;
  /** The last 20, oldest first. */
  readonly attempts: readonly NotificationAttempt[];
  /** Tries that used up a step of the schedule. */
  readonly failures: number;
  /** Answers that asked for quiet. */
  readonly limits: number;
  readonly nextAttemptAt: number | null;
  readonly createdAt: number;
  readonly sentAt: number | null;
  /** How often somebody asked for it again. */
  readonly replays: number;
  /** Why it ended as it did. */
  readonly outcome: string | null;
}

const dayMs = 86_400_000;
const keptDays = 30;

export const notificationTimeline: Timeline = { name: 'notifications', bucketDays: 1, keptDays, shards: 4 };
export const notificationId = 'notification';
export const notificationExpiry = ({ createdAt }: Pick<NotificationDocument, 'createdAt'>): number =>
  createdAt + keptDays * dayMs;

export async function getNotification(store: DocumentStore, id: string): Promise<NotificationDocument | null> {
  return (await store.get<NotificationDocument>(id, notificationId))?.body ?? null;
}

/** What the queue `notifications` carries. */
export type NotificationWork =
  /** `reserved`: the time that the destination's rate gave to it before. */
  | { readonly kind: 'send'; readonly id: string; readonly reserved?: number }
  /** The window of a group is over. */
  | { readonly kind: 'close'; readonly id: string };

/** What is about one object keeps its order; different objects of one destination don't wait for each other. */
const lanes = 8;

export function sendMessage({ id, provider, members, replays }: NotificationDocument): BusMessage {
  const { kind = '', namespace = '', name = '' } = members[0]?.event.involvedObject ?? {};
  const lane = Number.parseInt(digest(kind, namespace, name).slice(0, 8), 16) % lanes;
  const work: NotificationWork = { kind: 'send', id };
  return {
    queue: 'notifications',
    id: `send:${id}:${replays}`,
    session: `provider:${digest(keyText(provider)).slice(0, 32)}:${lane}`,
    body: work,
  };
}

export function closeMessage(id: string, atMs: number): BusMessage {
  const work: NotificationWork = { kind: 'close', id };
  return { queue: 'notifications', id: `close:${id}`, session: `group:${id}`, body: work, notBefore: atMs };
}
