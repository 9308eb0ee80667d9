import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  acceptMessage,
  acceptWebhook,
  applyResources,
  FairPace,
  handlers,
  manager,
  queues,
  type Consumer,
} from '@zekt/core';
import { loopOn, ManualClock } from '@zekt/core/testing';
import { gitHub, issuer, messageOf, resourcesOf, runWebhook } from './one-run.ts';
import { openEmbedded, type Embedded } from './open-embedded.ts';

let clock: ManualClock;
let embedded: Embedded;
let workers: Consumer[] = [];

beforeEach(() => {
  clock = new ManualClock();
  embedded = openEmbedded(':memory:', clock);
});
afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.stop()));
  await embedded.close();
});

test('dispatches keep to the rate of their installation, and to nobody else’s', async () => {
  const times: Record<string, number[]> = { 2: [], 3: [] };
  const github = gitHub(async ({ installationId }) => {
    times[installationId]?.push(clock.now());
    return { kind: 'accepted', status: 204 };
  });
  const { store, bus } = embedded;
  await applyResources(
    { store, github, issuer, nowMs: clock.now(), dryRun: false },
    resourcesOf([['*'], ['*'], ['*']]),
    manager,
  );
  const pace = new FairPace({ perMinute: 60, burst: 2 }, async () => null);
  const loop = loopOn({ store, bus, clock, github, issuer, changes: { pace } });
  const start = clock.now();
  for (const index of [0, 1, 2]) await acceptMessage(loop, messageOf(index), start);
  await acceptWebhook(loop, runWebhook('completed', 'guid'), start);
  workers = queues.map((queue) => bus.consume(queue, handlers(loop)[queue], { sessions: 4 }));
  const { 2: shared = [], 3: single = [] } = times;
  // Two consumers of the first installation get three messages each, one of the other gets three.
  while (shared.length < 6 || single.length < 3) {
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(50);
  }
  for (const [nth, at] of shared.entries()) expect(at - start).toBeGreaterThanOrEqual((nth - 1) * 1000);
  for (const [nth, at] of single.entries()) expect(at - start).toBeGreaterThanOrEqual((nth - 1) * 1000);
  expect(single.at(-1)).toBeLessThan(shared.at(-1) ?? 0);
});
