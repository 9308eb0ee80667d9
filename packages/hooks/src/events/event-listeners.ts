import { aggregateOf, type Listeners } from '@zekt/core';
import { resolve } from '../executions/resolve.ts';
import type { HooksContext } from '../hooks-context.ts';
import { instance } from '../scope.ts';
import { messagesFor, takeEvent } from './aggregate-document.ts';
import { deadLetterWrites } from './dead-letters.ts';
import { aggregateWrites, readAggregate } from './read-aggregate.ts';

/** It was not even tried. */
const unasked = { attempts: 0, status: null, failure: 'queue_full', replays: 0 } as const;

/**
 * Executions on events, as those who listen to domain events. `want` answers no only from what was read within the last second; otherwise the
 * queue of events looks again, so nothing is missed by more than that.
 */
export const eventListeners = (context: HooksContext): Listeners => ({
  want({ type }) {
    if (context.isOff) return false;
    const known = context.scopes.known(instance);
    if (known !== null) return resolve(known, { phase: 'event', event: type }) !== null;
    // Whoever needs it reads it himself, and is told what went wrong.
    context.scopes.of(instance).catch(() => undefined);
    return true;
  },
  async tell(event) {
    const resolved = resolve(await context.scopes.of(instance), { phase: 'event', event: event.type });
    if (context.isOff || !resolved) return {};
    const nowMs = context.clock.now();
    const aggregate = aggregateOf(event);
    const seen = await readAggregate(context.store, aggregate);
    const targets = resolved.targets.map(([id]) => id);
    const { document, overflow } = takeEvent(seen?.body ?? null, aggregate, event, instance, targets);
    return {
      batches:
        document === seen?.body
          ? []
          : [
              ...overflow.map((lost) =>
                deadLetterWrites({ aggregate, scope: instance, event, ...lost, ...unasked }, nowMs),
              ),
              aggregateWrites(document, seen, nowMs),
            ],
      messages: messagesFor(document, event.id),
    };
  },
});
