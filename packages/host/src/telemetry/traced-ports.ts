import {
  maxDeliveryCount,
  type Bus,
  type BusMessage,
  type Clock,
  type DocumentStore,
  type Handler,
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

function withTrace(message: BusMessage, telemetry: Telemetry, clock: Clock): BusMessage {
  const traceparent = telemetry.traceparent();
  if (traceparent === null) return message;
  const trace: Trace = { traceparent, at: message.notBefore ?? clock.now() };
  return { ...message, body: { ...message.body, _trace: trace } };
}

/** Messages that a commit publishes belong to the trace in which it is made. */
export function tracedStore(store: DocumentStore, telemetry: Telemetry, clock: Clock): DocumentStore {
  return {
    get: (partition, id) => store.get(partition, id),
    list: (partition, options) => store.list(partition, options),
    commit: ({ messages = [], ...batch }) =>
      store.commit({ ...batch, messages: messages.map((message) => withTrace(message, telemetry, clock)) }),
  };
}

export function tracedBus(bus: Bus, telemetry: Telemetry, clock: Clock): Bus {
  return {
    publish: (messages) => bus.publish(messages.map((message) => withTrace(message, telemetry, clock))),
    consume: (queue, handler, options) => bus.consume(queue, tracedHandler(queue, handler, telemetry, clock), options),
    deadLetters: (queue, options) => bus.deadLetters(queue, options),
    revive: (queue, id) => bus.revive(queue, id),
    depth: (queue) => bus.depth(queue),
  };
}

/** Handles a message as a span of the trace that it comes from, and tells how late it is and what became of it. */
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
    try {
      return await telemetry.span(
        `process ${queue}`,
        { kind: 'consumer', attributes, parent: trace?.traceparent ?? null },
        async () => {
          const settlement = await handler({ ...received, body });
          if (settlement.settle === 'deadLetter') telemetry.count('zekt.dead_letters', { queue });
          if (settlement.settle !== 'again' || !trace) return settlement;
          const next: Trace = { traceparent: trace.traceparent, at: settlement.at };
          return { ...settlement, body: { ...(settlement.body ?? body), _trace: next } };
        },
      );
    } catch (error) {
      telemetry.count(deliveryCount < maxDeliveryCount ? 'zekt.retries' : 'zekt.dead_letters', { queue });
      throw error;
    }
  };
}
