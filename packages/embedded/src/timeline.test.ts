import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { addToTimeline, journalTimeline, readTimeline } from '@zekt/core';
import { ManualClock } from '@zekt/core/testing';
import { openEmbedded, type Embedded } from './open-embedded.ts';

const clock = new ManualClock();
let embedded: Embedded;
beforeEach(() => {
  embedded = openEmbedded(':memory:', clock);
});
afterEach(() => embedded.close());

const dayMs = 86_400_000;
const at = (n: number): number => clock.now() - n * (dayMs / 20);

test('entries of many shards and days are read newest first, page by page, each once', async () => {
  const { store } = embedded;
  for (let n = 0; n < 100; n += 1) await addToTimeline(store, journalTimeline, at(n), `event-${n}`, { n });
  const read: number[] = [];
  let after: string | undefined;
  do {
    const page = await readTimeline<{ n: number }>(store, journalTimeline, clock.now(), { after, limit: 7 });
    expect(page.items.length).toBeLessThanOrEqual(7);
    read.push(...page.items.map(({ n }) => n));
    after = page.next ?? undefined;
  } while (after !== undefined);
  expect(read).toEqual(Array.from({ length: 100 }, (_, n) => n));
});

test('what everybody writes in a moment is spread over many partitions', async () => {
  const { store } = embedded;
  const partitions = new Set<string>();
  const watching = {
    ...store,
    commit: (batch: Parameters<typeof store.commit>[0]) => {
      partitions.add(batch.partition);
      return store.commit(batch);
    },
  };
  for (let n = 0; n < 200; n += 1) await addToTimeline(watching, journalTimeline, clock.now(), `event-${n}`, {});
  expect(partitions.size).toBe(journalTimeline.shards);
});
