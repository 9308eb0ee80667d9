import { digest, findSubscription, runItem, type DocumentStore } from '@zekt/core';
import { testIds } from '@zekt/core/testing';
import { keyOf, nameOf } from '../one-run.ts';
import { runIdOf, runKeyAt } from './runs.ts';

/** A message that was answered with 2xx. */
export interface Answered {
  readonly run: number;
  readonly index: number;
  /** Milliseconds. */
  readonly at: number;
}

export const eventTypeOf = (message: number): string => (message % 2 === 0 ? 'built' : 'tested');

export interface Deliveries {
  /** Those that must come, by id: when their message was answered (ms); null where a run is told of alone. */
  readonly expected: ReadonlyMap<string, number | null>;
  /** The number of its subscription by its id. */
  readonly possible: ReadonlyMap<string, number>;
}

/**
 * Straight from the rules: every message to every subscription that takes it, or the run alone where there was none.
 *
 * @param subscriptions event types that each takes
 * @param completed ids of runs
 * @param revoked the number of a subscription that need not get anything
 */
export async function deliveriesOf(
  store: DocumentStore,
  subscriptions: readonly (readonly string[])[],
  completed: ReadonlySet<string>,
  answered: readonly Answered[],
  revoked: number | null,
): Promise<Deliveries> {
  const expected = new Map<string, number | null>();
  const possible = new Map<string, number>();
  for (const [number, types] of subscriptions.entries()) {
    const { id } = (await findSubscription(store, nameOf(number)))?.body ?? { id: '' };
    const takes = (eventType: string): boolean => types.includes('*') || types.includes(eventType);
    for (const runId of completed) {
      const own = answered.filter((it) => runIdOf(it.run) === runId);
      const idOf = (item: string): string => testIds.delivery(runKeyAt(runId), item, id);
      // A message that comes late finds the run told of alone.
      possible.set(idOf(runItem), number);
      if (own.length === 0 && takes('ordered') && number !== revoked) expected.set(idOf(runItem), null);
      for (const { index, at } of own) {
        const delivery = idOf(digest('key', keyOf(index)));
        possible.set(delivery, number);
        if (takes(eventTypeOf(index)) && number !== revoked) expected.set(delivery, at);
      }
    }
  }
  return { expected, possible };
}
