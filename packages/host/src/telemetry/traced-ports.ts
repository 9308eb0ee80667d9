import {
  maxDeliveryCount,
  type Bus,
  type BusMessage,
  type Clock,
  type Decide,
  type DocumentStore,
  type Handler,
  type Outcome,
  type QueueName,
  type Telemetry,
} from '@zekt/core';

/** What travels with a message, beside its own fields: so every adapter carries it, knowing nothing of it. */
interface Trace {
  readonly traceparent: string;
  /** When it could be handled at the earliest (ms). */
  readonly at: number;
}
type Traced = object & { readonly _trace?: Trace };

function withTrace(messages: readonly BusMessage[], traceparent: string | null, clock: Clock): readonly BusMessage[] {
  if (traceparent === null) return messages;
  return messages.map((message) => {
    const trace: Trace = { traceparent, at: message.notBefore ?? clock.now() };
    return { ...message, body: { ...message.body, _trace: trace } };
  });
}

/** Messages that a commit publishes belong to the trace in which it is made. */
export function tracedStore(store: DocumentStore, telemetry: Telemetry, clock: Clock): DocumentStore {
  return {
    get: (partition, id) => store.get(partition, id),
    list: (partition, options) => store.list(partition, options),
    commit: ({ messages = [], ...batch }) =>
      store.commit({ ...batch, messages: withTrace(messages, telemetry.traceparent(), clock) }),
  };
}

export function tracedBus(bus: Bus, telemetry: Telemetry, clock: Clock): Bus {
  return {
    publish: (messages) => bus.publish(withTrace(messages, telemetry.traceparent(), clock)),
    commit: ({ messages = [], ...work }) =>
      bus.commit({ ...work, messages: withTrace(messages, telemetry.traceparent(), clock) }),
    consume: (queue, handler, options) => bus.consume(queue, tracedHandler(queue, handler, telemetry, clock), options),
    deadLetters: (queue, options) => bus.deadLetters(queue, options),
    revive: (queue, id) => bus.revive(queue, id),
    reviveAll: (queue) => bus.reviveAll(queue),
    depth: (queue) => bus.depth(queue),
  };
}

/**
 * Handles a message as a span of the trace that it comes from, and tells how late it is and what became of it. What it decides is a span of
 * its own in the same trace, since it may be decided more than once.
 */
export function tracedHandler(queue: QueueName, handler: Handler, telemetry: Telemetry, clock: Clock): Handler {
  return async (received) => {
    const { _trace: trace, ...body } = received.body as Traced;
    const { id, session, deliveryCount } = received;
    if (trace && deliveryCount === 1) {
      telemetry.record('zekt.queue.age', Math.max(0, clock.now() - trace.at), { queue });
    }
    const attributes = {
      'messaging.system': 'zekt',
      'messaging.destination.name': queue,
      'messaging.message.id': id,
      'zekt.session': session,
      'zekt.delivery_count': deliveryCount,
    };
    const counted = async <T>(work: () => Promise<T>): Promise<T> => {
      try {
        return await work();
      } catch (error) {
        telemetry.count(deliveryCount < maxDeliveryCount ? 'zekt.retries' : 'zekt.dead_letters', { queue });
        throw error;
      }
    };
    const parent = trace?.traceparent ?? null;
    // A message goes on with the trace that it came from; the span of the host that brought it is of another trace.
    const link = trace ? telemetry.traceparent() : null;
    let traceparent: string | null = null;
    const decide: Decide = await counted(() =>
      telemetry.span(`process ${queue}`, { kind: 'consumer', attributes, parent, link }, () => {
        traceparent = telemetry.traceparent();
        return handler({ ...received, body });
      }),
    );
    return () =>
      counted(() =>
        telemetry.span(`decide ${queue}`, { kind: 'consumer', parent: traceparent }, async () =>
          carry(await decide(), body, trace),
        ),
      );
  };

  /** What follows from a message belongs to its trace. */
  function carry(outcome: Outcome, body: object, trace: Trace | undefined): Outcome {
    const { settlement, messages = [] } = outcome;
    if (settlement.settle === 'deadLetter') telemetry.count('zekt.dead_letters', { queue });
    const traced = { ...outcome, messages: withTrace(messages, telemetry.traceparent(), clock) };
    if (settlement.settle !== 'again' || !trace) return traced;
    const next: Trace = { traceparent: trace.traceparent, at: settlement.at };
    return { ...traced, settlement: { ...settlement, body: { ...(settlement.body ?? body), _trace: next } } };
  }
}
