import type { Notification } from '@zekt/contracts';
import {
  timelineEntry,
  ZektError,
  type BusMessage,
  type DocumentStore,
  type Stored,
  type Write,
  type Writes,
} from '@zekt/core';
import type { NotificationEvent } from '../event/notification-event.ts';
import {
  closeMessageId,
  groupSession,
  keptDays,
  notificationDocumentId,
  notificationPartition,
  notificationTimeline,
  providerSession,
  sendMessageId,
} from '../keys.ts';
import type { ObjectKey } from '../resources/object-key.ts';

/** One event of a notification, as the provider sees it. */
export interface Member {
  readonly eventId: string;
  /** Of an event whose sender chose the id: what it stood for when it came. */
  readonly content?: string;
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

/**
 * Whether the event that a notification has under an id is the one that is told of now.
 *
 * @throws ZektError `idempotency_key_reused`
 */
export function requireSame({ members }: Pick<NotificationDocument, 'members'>, { eventId, content }: Member): void {
  const known = members.find((it) => it.eventId === eventId)?.content;
  if (known !== undefined && content !== undefined && known !== content)
    throw new ZektError(
      'idempotency_key_reused',
      'This Idempotency-Key was used for another event. Use a new key for each event.',
    );
}

const dayMs = 86_400_000;

export const notificationExpiry = ({ createdAt }: Pick<NotificationDocument, 'createdAt'>): number =>
  createdAt + keptDays * dayMs;

export const findNotification = (
  store: Pick<DocumentStore, 'get'>,
  id: string,
): Promise<Stored<NotificationDocument> | null> =>
  store.get<NotificationDocument>(notificationPartition(id), notificationDocumentId);

export async function getNotification(store: DocumentStore, id: string): Promise<NotificationDocument | null> {
  return (await findNotification(store, id))?.body ?? null;
}

/** Writes a notification where nobody else did since it was read. */
export function notificationWrites(body: NotificationDocument, seen: Stored<NotificationDocument> | null): Writes {
  const common = { id: notificationDocumentId, body, expiresAt: notificationExpiry(body) };
  const write: Write = seen ? { kind: 'replace', etag: seen.etag, ...common } : { kind: 'create', ...common };
  return { partition: notificationPartition(body.id), writes: [write] };
}

/** What lists find a notification by; the same whenever it is written. */
export function pointerWrites({ id, createdAt }: Pick<NotificationDocument, 'id' | 'createdAt'>): Writes {
  const { partition, id: place, expiresAt } = timelineEntry(notificationTimeline, createdAt, id);
  return { partition, writes: [{ kind: 'put', id: place, body: { id }, expiresAt }] };
}

/** What the queue `notifications` carries. */
export type NotificationWork =
  /**
   * `replays`: of the notification when it was to be sent, so that whoever sees an older one knows it. `reserved`: the time that the
   * destination's rate gave to it before.
   */
  | { readonly kind: 'send'; readonly id: string; readonly replays: number; readonly reserved?: number }
  /** The window of a group is over. */
  | { readonly kind: 'close'; readonly id: string };

export type SendWork = Extract<NotificationWork, { kind: 'send' }>;

export function sendMessage({ id, provider, members, replays }: NotificationDocument): BusMessage {
  const work: NotificationWork = { kind: 'send', id, replays };
  const session = providerSession(provider, members[0]?.event.involvedObject ?? {});
  return { queue: 'notifications', id: sendMessageId(id, replays), session, body: work };
}

export function closeMessage(id: string, atMs: number): BusMessage {
  const work: NotificationWork = { kind: 'close', id };
  return { queue: 'notifications', id: closeMessageId(id), session: groupSession(id), body: work, notBefore: atMs };
}
