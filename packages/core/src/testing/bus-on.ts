import type { Bus } from '../ports/bus.ts';
import type { DocumentStore } from '../ports/document-store.ts';
import { performDecision, performWork, type Effects } from '../ports/perform.ts';

/** A bus whose outcomes are written to a store step by step: batches, journal, messages, and the settlement last. */
export function busOn(store: DocumentStore, bus: Bus): Bus {
  const effects: Effects = { store, publish: (messages) => bus.publish(messages) };
  return {
    publish: (messages) => bus.publish(messages),
    commit: (work) => performWork(effects, work),
    consume: (queue, handler, options) =>
      bus.consume(
        queue,
        async (message) => {
          const decide = await handler(message);
          return async () => ({ settlement: await performDecision(effects, decide, async () => undefined) });
        },
        options,
      ),
    deadLetters: (queue, options) => bus.deadLetters(queue, options),
    revive: (queue, id) => bus.revive(queue, id),
    reviveAll: (queue) => bus.reviveAll(queue),
    depth: (queue) => bus.depth(queue),
  };
}
