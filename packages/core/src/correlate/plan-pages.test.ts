import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openEmbedded, type Embedded } from '@zekt/embedded';
import { OpaqueIds } from '../identity/opaque.ts';
import { nobody } from '../journal/append.ts';
import { ManualClock } from '../ports/manual-clock.ts';
import type { Decided } from './decide.ts';
import { outcomeOf } from './outcome.ts';
import { getRun, laneOf, lanesOf, type Lane } from './run-document.ts';

const consumers = 1500;
const run = { repository: 'tag.101', runId: '4242', attempt: 1 } as const;
const context = { ids: new OpaqueIds(new Uint8Array(32)), listeners: nobody };
const clock = new ManualClock();
let embedded: Embedded;

beforeEach(() => {
  embedded = openEmbedded(':memory:', clock);
});
afterEach(() => embedded.close());

/** A run with so many messages, all of them for everybody. */
function decided(messages: number): Decided {
  const indexes = Array.from({ length: messages }, (_, index) => index);
  const lanes = Array.from({ length: consumers }, (_, n): Lane => ({
    subscriptionId: `sub-${n}`,
    subscription: `subscription-${n}`,
    consumer: `tag.${n}`,
    repository: `contoso/consumer-${n}`,
    installationId: '2',
    durable: false,
    items: indexes,
  }));
  return {
    document: {
      run,
      facts: null,
      workflow: null,
      firstSeenAt: clock.now(),
      completedAt: clock.now(),
      decidedAt: clock.now(),
      items: indexes.map((n) => ({ key: `key-${n}`, eventId: `evt-${n}`, eventType: 'any', receivedAt: 0 })),
      service: null,
      blocked: null,
      expired: false,
      deliveries: messages * consumers,
    },
    lanes,
  };
}

async function storedLanes(): Promise<Lane[]> {
  const found = await getRun(embedded.store, run);
  const lanes: Lane[] = [];
  if (found) for await (const lane of lanesOf(embedded.store, found.body)) lanes.push(lane);
  return lanes;
}

// The first page holds fewer lanes when there are more messages, so that each lane is elsewhere than before.
test.each([
  ['as long a page', 2],
  ['a shorter page', 300],
])('a crash while a late message makes a plan of %s leaves the plan as it was', async (_, later) => {
  await embedded.bus.commit(outcomeOf(context, decided(1), null));
  const before = await storedLanes();
  expect(before.map(({ subscriptionId }) => subscriptionId)).toEqual(
    Array.from({ length: consumers }, (__, n) => `sub-${n}`),
  );
  const etag = (await getRun(embedded.store, run))?.etag ?? '';
  const { batches = [] } = outcomeOf(context, decided(later), etag);
  await embedded.bus.commit({ batches: batches.slice(0, -1) });
  expect(await storedLanes()).toEqual(before);
  await embedded.bus.commit({ batches });
  expect(await storedLanes()).toEqual(decided(later).lanes);
});

test('whoever still has the run as it was finds each lane where it says', async () => {
  await embedded.bus.commit(outcomeOf(context, decided(1), null));
  const held = await getRun(embedded.store, run);
  await embedded.bus.commit(outcomeOf(context, decided(300), held?.etag ?? ''));
  expect(await (held && laneOf(embedded.store, held.body, 1234))).toMatchObject({
    subscriptionId: 'sub-1234',
    items: [0],
  });
});
