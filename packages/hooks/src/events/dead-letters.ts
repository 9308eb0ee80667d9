import type { DomainEvent, HookDeadLetter } from '@zekt/contracts';
import {
  isoTime,
  updateDocument,
  ZektError,
  type Aggregate,
  type DocumentStore,
  type Page,
  type Writes,
} from '@zekt/core';
import type { Scope } from '../executions/hooks-of-scope.ts';
import {
  aggregateDocumentId,
  aggregatePartition,
  deadLetterId,
  deadLettersPartition,
  keptDays,
  laneKey,
} from '../keys.ts';
import {
  append,
  emptyDocument,
  emptyLane,
  mostPending,
  turnMessage,
  type AggregateDocument,
} from './aggregate-document.ts';

/** An event that a target was not told of, with all that it takes to tell it after all. */
interface DeadLetterDocument {
  readonly shown: HookDeadLetter;
  readonly aggregate: Aggregate;
  readonly event: DomainEvent;
  readonly replays: number;
}

const dayMs = 86_400_000;

export interface LostCall extends Pick<HookDeadLetter, 'deliveryId' | 'target' | 'attempts' | 'status' | 'failure'> {
  readonly aggregate: Aggregate;
  readonly scope: Scope;
  readonly event: DomainEvent;
  readonly replays: number;
}

export function deadLetterWrites({ aggregate, scope, event, replays, ...lost }: LostCall, nowMs: number): Writes {
  const { deliveryId } = lost;
  const shown: HookDeadLetter = { ...lost, eventId: event.id, eventType: event.type, at: isoTime(nowMs) };
  const body: DeadLetterDocument = { shown, aggregate, event, replays };
  return {
    partition: deadLettersPartition(scope),
    writes: [{ kind: 'put', id: deadLetterId(deliveryId), body, expiresAt: nowMs + keptDays * dayMs }],
  };
}

export async function listDeadLetters(
  store: DocumentStore,
  scope: Scope,
  after: string | undefined,
  limit: number,
): Promise<Page<HookDeadLetter>> {
  const page = await store.list<DeadLetterDocument>(deadLettersPartition(scope), {
    limit,
    ...(after !== undefined && { after }),
  });
  return { items: page.items.map(({ body }) => body.shown), next: page.next };
}

/**
 * Puts a dead letter back at the end of what its target is still to be told of the aggregate, with its six tries before it. It keeps its
 * delivery id, by which a receiver knows what it has seen.
 *
 * @throws ZektError `not_found`; `conflict` while the target waits for too many others
 */
export async function replayDeadLetter(
  store: DocumentStore,
  scope: Scope,
  deliveryId: string,
): Promise<HookDeadLetter> {
  const partition = deadLettersPartition(scope);
  const found = await store.get<DeadLetterDocument>(partition, deadLetterId(deliveryId));
  if (!found) throw new ZektError('not_found', `There is no dead letter '${deliveryId.slice(0, 100)}'.`);
  const { aggregate, event, replays, shown } = found.body;
  const key = laneKey(scope, shown.target);
  await updateDocument<AggregateDocument>(store, aggregatePartition(aggregate), aggregateDocumentId, (current) => {
    const base = current ?? emptyDocument(aggregate);
    const lane = base.lanes[key] ?? emptyLane(scope, shown.target);
    if (lane.pending.some((call) => call.deliveryId === deliveryId)) return null;
    if (lane.pending.length >= mostPending)
      throw new ZektError('conflict', `The target waits for ${mostPending} others. Try again later.`);
    const call = { deliveryId, eventId: event.id, attempts: 0, nextAt: null, replays: replays + 1 };
    const longer = append(lane, call);
    return {
      body: {
        ...base,
        events: { ...base.events, [event.id]: event },
        lanes: { ...base.lanes, [key]: longer },
      },
      messages: [turnMessage(aggregate, longer, call)],
    };
  });
  await store.commit({ partition, writes: [{ kind: 'delete', id: deadLetterId(deliveryId), etag: found.etag }] });
  return shown;
}
