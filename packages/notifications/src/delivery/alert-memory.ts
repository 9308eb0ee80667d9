import { goDurationMs } from '@zekt/core';
import type { DocumentStore, Stored, Write, Writes } from '@zekt/core';
import type { AlertDocument } from '../alerts/alert-document.ts';
import { isError } from '../event/describe.ts';
import type { NotificationEvent } from '../event/notification-event.ts';
import { alertMemoryPartition, objectStateId, sentSlotId } from '../keys.ts';
import type { ObjectKey } from '../resources/object-key.ts';
import { isOlder, placeOf, type Place } from './event-order.ts';
import type { Member, NotificationDocument } from './notification-document.ts';

/** That an event was sent: for the dedupe window. */
interface SentSlot {
  readonly notification: string;
  readonly until: number;
}

/** What was last said of an object. */
interface ObjectMemory extends Place {
  /** `ok`, or `error:<reason>`; null: nothing was ever said. What is older than its place is no news any more. */
  readonly said: string | null;
  /** The notification that said it. */
  readonly by: string | null;
}

const objectKeptMs = 90 * 86_400_000;

/** What an alert is to remember. */
export interface Remembering {
  /** By the dedupe key of what was sent. */
  readonly slots: ReadonlyMap<string, SentSlot>;
  /** By document id. */
  readonly objects: ReadonlyMap<string, ObjectMemory>;
  /** Of the objects, as they were when this was decided. */
  readonly seen: ReadonlyMap<string, Stored<ObjectMemory> | null>;
  readonly nowMs: number;
}

export interface Recalled {
  /** What is left to be said. */
  readonly members: readonly Member[];
  /** Why nothing is left. */
  readonly reason: string | null;
  /** It was sent already; only its own document does not know it yet. */
  readonly isSent: boolean;
  /** What to remember when it was sent, or when nothing is left to be said. */
  readonly remembering: Remembering;
}

const stateOf = (event: NotificationEvent): string => (isError(event) ? `error:${event.reason}` : 'ok');

/**
 * What a destination shows one state of, so that older news must not follow newer: the status of a commit, or an incident. `changes`: what
 * people know one state of.
 */
export type StateScope = 'commit' | 'incident' | 'changes';

function stateId({ involvedObject, metadata = {} }: NotificationEvent, scope: StateScope): string {
  const commit = metadata.commit ?? metadata.originRevision ?? metadata.revision ?? '';
  const more = { commit: [commit], incident: [involvedObject.uid ?? ''], changes: [] }[scope];
  return objectStateId(scope, involvedObject, more);
}

export const dedupeWindowOf = ({ spec }: AlertDocument, otherwiseMs: number): number =>
  spec.dedupeWindow === undefined ? otherwiseMs : goDurationMs(spec.dedupeWindow);

/**
 * What of a notification is still to be said, from what the alert has said before. Nothing is taken here: whatever is sent is written
 * down after it was sent, so that a send that failed blocks nothing.
 */
export async function recall(
  store: Pick<DocumentStore, 'get'>,
  alert: ObjectKey,
  notification: NotificationDocument,
  { scope, windowMs, nowMs }: { readonly scope: StateScope | null; readonly windowMs: number; readonly nowMs: number },
): Promise<Recalled> {
  const partition = alertMemoryPartition(alert);
  const onlyChanges = scope === 'changes';
  const seenObjects = new Map<string, Stored<ObjectMemory> | null>();
  const objects = new Map<string, ObjectMemory>();
  const left: Member[] = [];
  const reasons = new Set<string>();
  const seen = new Set<string>();
  let sent = 0;
  for (const member of notification.members) {
    const slot = windowMs > 0 ? (await store.get<SentSlot>(partition, sentSlotId(member.dedupeKey)))?.body : undefined;
    if (slot?.notification === notification.id) {
      sent += 1;
      continue;
    }
    const isRepeated = (slot !== undefined && slot.until > nowMs) || (windowMs > 0 && seen.has(member.dedupeKey));
    seen.add(member.dedupeKey);
    if (isRepeated) {
      reasons.add('The same was sent shortly before.');
      continue;
    }
    if (scope === null) {
      left.push(member);
      continue;
    }
    const id = stateId(member.event, scope);
    if (!seenObjects.has(id)) seenObjects.set(id, await store.get<ObjectMemory>(partition, id));
    const known = objects.get(id) ?? seenObjects.get(id)?.body ?? { said: null, newest: 0, by: null };
    const place = placeOf(member.event, notification.createdAt, nowMs);
    const state = stateOf(member.event);
    if (known.by === notification.id && !objects.has(id)) {
      sent += 1;
    } else if (isOlder(place, known, nowMs)) {
      reasons.add('Something newer was told, or known, before.');
    } else if (onlyChanges && (known.said ?? 'ok') === state) {
      reasons.add('Nothing changed.');
      objects.set(id, { ...known, ...place });
    } else {
      left.push(member);
      objects.set(id, { said: state, ...place, by: notification.id });
    }
  }
  const isSent = sent > 0 && left.length === 0;
  const last = notification.members.at(-1);
  // Events that are only counted may be news: they are told of with the last one that is known.
  if (left.length === 0 && !isSent && notification.more > 0 && last) left.push(last);
  const slot: SentSlot = { notification: notification.id, until: nowMs + windowMs };
  return {
    members: left,
    reason: left.length === 0 ? [...reasons].join(' ') : null,
    isSent,
    remembering: {
      slots: new Map((windowMs > 0 ? left : []).map(({ dedupeKey }) => [dedupeKey, slot])),
      objects,
      seen: seenObjects,
      nowMs,
    },
  };
}

/** Writes down what was said, or looked at, where nobody else did since it was read. */
export function memoryWrites(alert: ObjectKey, { slots, objects, seen, nowMs }: Remembering): Writes[] {
  const expiresAt = nowMs + objectKeptMs;
  const ofObjects = [...objects].map(([id, body]): Write => {
    const stored = seen.get(id);
    const common = { id, body, expiresAt };
    return stored ? { kind: 'replace', etag: stored.etag, ...common } : { kind: 'create', ...common };
  });
  const ofSlots = [...slots].map(([dedupeKey, body]): Write => ({
    kind: 'put',
    id: sentSlotId(dedupeKey),
    body,
    expiresAt: body.until,
  }));
  const writes = [...ofObjects, ...ofSlots];
  return writes.length > 0 ? [{ partition: alertMemoryPartition(alert), writes }] : [];
}

/** The same against what is there now: what somebody has said of an object meanwhile, and is newer, stays. */
export async function rememberAgain(
  store: Pick<DocumentStore, 'get'>,
  alert: ObjectKey,
  remembering: Remembering,
): Promise<Remembering> {
  const partition = alertMemoryPartition(alert);
  const ids = [...remembering.objects.keys()];
  const found = await Promise.all(ids.map(async (id) => [id, await store.get<ObjectMemory>(partition, id)] as const));
  const seen = new Map(found);
  const objects = new Map(
    [...remembering.objects].filter(([id, place]) => {
      const known = seen.get(id)?.body;
      return !known || !isOlder(place, known, remembering.nowMs);
    }),
  );
  return { ...remembering, objects, seen };
}
