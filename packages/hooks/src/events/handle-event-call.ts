import type { HookDelivery } from '@zekt/contracts';
import {
  complete,
  done,
  isoTime,
  timelineEntry,
  ZektError,
  type Decide,
  type Handler,
  type Outcome,
  type Stored,
} from '@zekt/core';
import { prepareCall, sendCall } from '../calls/call-target.ts';
import { HookFailure } from '../calls/hook-failure.ts';
import { targetIn } from '../executions/hooks-of-scope.ts';
import type { HooksContext } from '../hooks-context.ts';
import { deliveriesTimeline } from '../keys.ts';
import { triedOf, waitAfter, type Tried } from './after-call.ts';
import {
  changeHead,
  turnMessage,
  type AggregateDocument,
  type EventCall,
  type Lane,
  type PendingCall,
} from './aggregate-document.ts';
import { deadLetterWrites } from './dead-letters.ts';
import { eventBody } from './event-body.ts';
import { aggregateWrites, readAggregate } from './read-aggregate.ts';

/** While hooks are turned off, events wait. */
const offWaitMs = 60_000;

/**
 * Calls a target for the first event that it is still to be told of. Others of its lane get their turn when that is over; so a target hears of an
 * aggregate in order, and never again of what was noted as told.
 */
export function eventCallsHandler(context: HooksContext): Handler {
  return async ({ body }) => {
    const call = body as EventCall;
    const found = await findHead(context, call);
    if ('over' in found) return async () => found.over;
    const nowMs = context.clock.now();
    if (context.isOff) return again(nowMs + offWaitMs);
    const { nextAt } = found.head;
    if (nextAt !== null && nextAt > nowMs) return again(nextAt);
    const tried = await callOnce(context, found);
    const ms = context.clock.now() - nowMs;
    return () => record(context, call, tried, ms);
  };
}

const again =
  (at: number): Decide =>
  async () => ({ settlement: { settle: 'again', at } });

interface Found {
  readonly seen: Stored<AggregateDocument>;
  readonly lane: Lane;
  readonly head: PendingCall;
}

/** It is not this call's turn: what becomes of its message. */
interface NotNow {
  readonly over: Outcome;
}

/**
 * The call that a message is about, if it is its turn. A call that is over gives the next one its turn once more: whoever did so before may
 * have been cut off.
 *
 * @throws ZektError `unavailable` while what the message says can't be seen yet
 */
async function findHead(
  { store }: HooksContext,
  { aggregate, lane: key, deliveryId, appended, after }: EventCall,
): Promise<Found | NotNow> {
  const seen = await readAggregate(store, aggregate);
  const lane = seen?.body.lanes[key];
  if (!seen || !lane || lane.appended < appended)
    throw new ZektError('unavailable', `The event of ${deliveryId} is not visible yet.`);
  const [head] = lane.pending;
  if (!head) return { over: done };
  if (head.deliveryId === deliveryId) return { seen, lane, head };
  if (head.deliveryId === after) throw new ZektError('unavailable', `The end of ${after} is not visible yet.`);
  if (lane.pending.some((call) => call.deliveryId === deliveryId)) return { over: done };
  return { over: { messages: [turnMessage(aggregate, lane, head, deliveryId)], settlement: complete } };
}

/** Null: there is nobody to call any more. */
async function callOnce(context: HooksContext, { seen, lane, head }: Found): Promise<Tried | null> {
  const target = targetIn(await context.scopes.of(lane.scope), lane.target);
  const event = seen.body.events[head.eventId];
  if (!target || !event) return null;
  const identity = { deliveryId: head.deliveryId, attempt: head.attempts + 1, isEvent: true };
  const body = eventBody(seen.body, event, head.deliveryId, target, context.issuer);
  try {
    const { status } = await sendCall(context, await prepareCall(context, lane.target, target, body, identity));
    return { outcome: 'delivered', status };
  } catch (error) {
    if (error instanceof HookFailure) return triedOf(error);
    throw error;
  }
}

/** Writes down what came of a try, and gives the next one its turn. Asked again when the aggregate has changed meanwhile. */
async function record(context: HooksContext, call: EventCall, tried: Tried | null, ms: number): Promise<Outcome> {
  const found = await findHead(context, call);
  if ('over' in found) return found.over;
  const { seen, lane, head } = found;
  const nowMs = context.clock.now();
  const attempts = head.attempts + 1;
  const target = targetIn(await context.scopes.of(lane.scope), lane.target);
  // What is not waited for is tried once.
  const isTriedOnce = target?.spec.type === 'restAsync';
  const waitMs = tried === null || isTriedOnce ? null : waitAfter(tried, attempts, context.random);
  const next = waitMs === null ? null : { ...head, attempts, nextAt: nowMs + waitMs };
  const after = changeHead(seen.body, call.lane, next);
  const event = seen.body.events[head.eventId];
  const outcome = outcomeOf(tried, next);
  context.count(`hooks.events.${outcome}`);
  const entry: HookDelivery = {
    deliveryId: head.deliveryId,
    target: lane.target,
    eventId: head.eventId,
    eventType: event?.type ?? 'unknown',
    attempt: attempts,
    at: isoTime(nowMs),
    ms,
    status: tried?.status ?? null,
    outcome,
    failure: tried?.outcome === 'failed' ? tried.failure : null,
  };
  const lost = {
    deliveryId: head.deliveryId,
    target: lane.target,
    attempts,
    status: entry.status,
    failure: entry.failure ?? 'status',
    replays: head.replays,
  };
  const { partition, ...place } = timelineEntry(
    deliveriesTimeline(lane.scope),
    nowMs,
    `${head.deliveryId}:${head.replays}:${attempts}`,
  );
  const following = next ? null : after.lanes[call.lane]?.pending[0];
  return {
    batches: [
      // First what would be lost otherwise: the lane forgets it.
      ...(outcome === 'deadlettered' && event
        ? [deadLetterWrites({ aggregate: call.aggregate, scope: lane.scope, event, ...lost }, nowMs)]
        : []),
      { partition, writes: [{ kind: 'put', body: entry, ...place }] },
      aggregateWrites(after, seen, nowMs),
    ],
    messages: following ? [turnMessage(after.aggregate, lane, following, head.deliveryId)] : [],
    settlement: next ? { settle: 'again', at: next.nextAt } : complete,
  };
}

function outcomeOf(tried: Tried | null, next: PendingCall | null): HookDelivery['outcome'] {
  if (tried === null) return 'dropped';
  if (tried.outcome === 'delivered') return 'delivered';
  return next ? 'again' : 'deadlettered';
}
