import { digest, type DocumentStore, type Write } from '@zekt/core';
import { alertPartition, type AlertDocument } from '../alerts/alert-document.ts';
import { isError } from '../event/describe.ts';
import type { NotificationEvent } from '../event/notification-event.ts';
import { goDurationMs } from '../resources/go-duration.ts';
import type { Member, NotificationDocument } from './notification-document.ts';

/** That an event was sent: for the dedupe window. */
interface SentSlot {
  readonly notification: string;
  readonly until: number;
}

/** What was last said of an object. */
interface ObjectMemory {
  /** `ok`, or `error:<reason>`; null: nothing was ever said. */
  readonly said: string | null;
  /** Time of the newest event that was looked at (ms): what is older is no news any more. */
  readonly newest: number;
  /** The notification that said it. */
  readonly by: string | null;
}

const objectKeptMs = 90 * 86_400_000;

export interface Recalled {
  /** What is left to be said. */
  readonly members: readonly Member[];
  /** Why nothing is left. */
  readonly reason: string | null;
  /** It was sent already; only its own document does not know it yet. */
  readonly isSent: boolean;
  /** What to write down when nothing is sent. */
  readonly looked: readonly Write[];
  /** What to write down when it was sent. */
  readonly told: readonly Write[];
}

const stateOf = (event: NotificationEvent): string => (isError(event) ? `error:${event.reason}` : 'ok');
const timeOf = ({ timestamp }: NotificationEvent, otherwise: number): number => {
  const at = Date.parse(timestamp ?? '');
  return Number.isNaN(at) ? otherwise : at;
};

/**
 * What a destination shows one state of, so that older news must not follow newer: the status of a commit, or an incident. `changes`: what
 * people know one state of.
 */
export type StateScope = 'commit' | 'incident' | 'changes';

function stateId({ involvedObject, metadata = {} }: NotificationEvent, scope: StateScope): string {
  const { kind = '', namespace = '', name = '', uid = '' } = involvedObject;
  const commit = metadata.commit ?? metadata.originRevision ?? metadata.revision ?? '';
  const more = { commit: [commit], incident: [uid], changes: [] }[scope];
  return `${scope}:${digest(kind, namespace, name, ...more)}`;
}

export const dedupeWindowOf = ({ spec }: AlertDocument, otherwiseMs: number): number =>
  spec.dedupeWindow === undefined ? otherwiseMs : goDurationMs(spec.dedupeWindow);

/**
 * What of a notification is still to be said, from what the alert has said before. Nothing is taken here: whatever is sent is written
 * down after it was sent, so that a send that failed blocks nothing.
 */
export async function recall(
  store: DocumentStore,
  alert: AlertDocument,
  notification: NotificationDocument,
  { scope, windowMs, nowMs }: { readonly scope: StateScope | null; readonly windowMs: number; readonly nowMs: number },
): Promise<Recalled> {
  const partition = alertPartition(alert);
  const onlyChanges = scope === 'changes';
  const objects = new Map<string, ObjectMemory>();
  const left: Member[] = [];
  const reasons = new Set<string>();
  const seen = new Set<string>();
  let sent = 0;
  for (const member of notification.members) {
    const slot = windowMs > 0 ? (await store.get<SentSlot>(partition, slotId(member)))?.body : undefined;
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
    const known = objects.get(id) ??
      (await store.get<ObjectMemory>(partition, id))?.body ?? { said: null, newest: 0, by: null };
    const at = timeOf(member.event, notification.createdAt);
    const state = stateOf(member.event);
    if (known.by === notification.id && !objects.has(id)) {
      sent += 1;
    } else if (at < known.newest) {
      reasons.add('Something newer was told, or known, before.');
    } else if (onlyChanges && (known.said ?? 'ok') === state) {
      reasons.add('Nothing changed.');
      objects.set(id, { ...known, newest: at });
    } else {
      left.push(member);
      objects.set(id, { said: state, newest: at, by: notification.id });
    }
  }
  const isSent = sent > 0 && left.length === 0;
  const last = notification.members.at(-1);
  // Events that are only counted may be news: they are told of with the last one that is known.
  if (left.length === 0 && !isSent && notification.more > 0 && last) left.push(last);
  const expiresAt = nowMs + objectKeptMs;
  const looked = [...objects].map(([id, body]): Write => ({ kind: 'put', id, body, expiresAt }));
  const until = nowMs + windowMs;
  const slots = new Map(
    (windowMs > 0 ? left : []).map((member): [string, Write] => [
      slotId(member),
      { kind: 'put', id: slotId(member), body: { notification: notification.id, until }, expiresAt: until },
    ]),
  );
  return {
    members: left,
    reason: left.length === 0 ? [...reasons].join(' ') : null,
    isSent,
    looked: left.length === 0 ? looked : [],
    told: [...looked, ...slots.values()],
  };
}

const slotId = ({ dedupeKey }: Member): string => `sent:${dedupeKey}`;

/** Writes down what was said, or looked at. */
export async function writeDown(store: DocumentStore, alert: AlertDocument, writes: readonly Write[]): Promise<void> {
  if (writes.length > 0) await store.commit({ partition: alertPartition(alert), writes });
}
