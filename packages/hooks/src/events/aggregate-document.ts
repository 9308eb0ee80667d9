import type { DomainEvent } from '@zekt/contracts';
import { guidOf, type Aggregate, type BusMessage } from '@zekt/core';
import type { Scope } from '../executions/hooks-of-scope.ts';
import { eventCallMessageId, eventCallSession, laneKey } from '../keys.ts';

/** One call of a target for an event. Times in milliseconds. */
export interface PendingCall {
  /** The same for the same event, target and place in the list, however often it is told. */
  readonly deliveryId: string;
  readonly eventId: string;
  /** Tries that were made. */
  readonly attempts: number;
  readonly nextAt: number | null;
  /** How often somebody has put it back. */
  readonly replays: number;
}

/** What a target is still to be told of an aggregate, in order. */
export interface Lane {
  readonly scope: Scope;
  readonly target: string;
  /** How many calls were ever put in: whoever sees fewer than a message says reads an old state. */
  readonly appended: number;
  readonly pending: readonly PendingCall[];
}

export interface AggregateDocument {
  readonly aggregate: Aggregate;
  /** Of the last event. */
  readonly sequence: number;
  /** Sequences of the last events, by id. */
  readonly known: Readonly<Record<string, number>>;
  /** Those that somebody is still to be told of. */
  readonly events: Readonly<Record<string, DomainEvent>>;
  readonly lanes: Readonly<Record<string, Lane>>;
}

/** What the queue is given. */
export interface EventCall {
  readonly aggregate: Aggregate;
  readonly lane: string;
  readonly deliveryId: string;
  /** Of the lane, when the call was put in. */
  readonly appended: number;
  /** The delivery that was over when this got its turn. */
  readonly after?: string;
}

const mostKnown = 200;
/** One target may wait for so many calls of one aggregate. */
export const mostPending = 200;

export const emptyDocument = (aggregate: Aggregate): AggregateDocument => ({
  aggregate,
  sequence: 0,
  known: {},
  events: {},
  lanes: {},
});

/** What an event has led to. */
export interface Taken {
  /** The same as before when nothing is new. */
  readonly document: AggregateDocument;
  /** Targets that wait for too many others already, and the delivery that they are not told of. */
  readonly overflow: readonly { readonly target: string; readonly deliveryId: string }[];
}

/** Takes an event in, for targets in order. The same event again changes nothing. */
export function takeEvent(
  before: AggregateDocument | null,
  aggregate: Aggregate,
  event: DomainEvent,
  scope: Scope,
  targets: readonly string[],
): Taken {
  const base = before ?? emptyDocument(aggregate);
  if (Object.hasOwn(base.known, event.id)) return { document: base, overflow: [] };
  const sequence = base.sequence + 1;
  const known = Object.fromEntries([...Object.entries(base.known), [event.id, sequence] as const].slice(-mostKnown));
  const lanes: Record<string, Lane> = { ...base.lanes };
  const overflow: { target: string; deliveryId: string }[] = [];
  for (const [place, target] of targets.entries()) {
    const key = laneKey(scope, target);
    const lane = lanes[key] ?? emptyLane(scope, target);
    const deliveryId = `hook-${guidOf('event', event.id, scope, target, String(place))}`;
    if (lane.pending.length >= mostPending) overflow.push({ target, deliveryId });
    else lanes[key] = append(lane, { deliveryId, eventId: event.id, attempts: 0, nextAt: null, replays: 0 });
  }
  const events = { ...base.events, [event.id]: event };
  return { document: pruned({ aggregate, sequence, known, events, lanes }), overflow };
}

export const emptyLane = (scope: Scope, target: string): Lane => ({ scope, target, appended: 0, pending: [] });

export const append = (lane: Lane, call: PendingCall): Lane => ({
  ...lane,
  appended: lane.appended + 1,
  pending: [...lane.pending, call],
});

/** Replaces the first call of a lane, or takes it away. */
export function changeHead(document: AggregateDocument, key: string, next: PendingCall | null): AggregateDocument {
  const lane = document.lanes[key];
  if (!lane) return document;
  const [, ...rest] = lane.pending;
  const pending = next ? [next, ...rest] : rest;
  return pruned({ ...document, lanes: { ...document.lanes, [key]: { ...lane, pending } } });
}

/** Without events that nobody waits for. */
function pruned(document: AggregateDocument): AggregateDocument {
  const wanted = new Set(Object.values(document.lanes).flatMap(({ pending }) => pending.map(({ eventId }) => eventId)));
  return { ...document, events: Object.fromEntries(Object.entries(document.events).filter(([id]) => wanted.has(id))) };
}

/**
 * The message by which a call gets its turn.
 *
 * @param after the delivery that was over then
 */
export function turnMessage(
  aggregate: Aggregate,
  lane: Lane,
  { deliveryId, replays }: PendingCall,
  after?: string,
): BusMessage {
  const key = laneKey(lane.scope, lane.target);
  const { appended } = lane;
  const body: EventCall = { aggregate, lane: key, deliveryId, appended, ...(after !== undefined && { after }) };
  const id = eventCallMessageId(deliveryId, `${replays}:${after ?? 'told'}`);
  return { queue: 'hooks', id, session: eventCallSession(key, aggregate), body };
}

/** Messages for what an event has put in, and still waits. */
export const messagesFor = ({ aggregate, lanes }: AggregateDocument, eventId: string): readonly BusMessage[] =>
  Object.values(lanes).flatMap((lane) =>
    lane.pending.filter((call) => call.eventId === eventId).map((call) => turnMessage(aggregate, lane, call)),
  );
