import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  acceptMessage,
  acceptWebhook,
  applyResources,
  handlers,
  listDeliveries,
  manager,
  queues,
  replayDelivery,
  type Consumer,
  type DispatchAnswer,
} from '@zekt/core';
import { eventually, loopOn, ManualClock, type Loop } from '@zekt/core/testing';
import { gitHub, issuer, messageOf, resourcesOf, runWebhook } from './one-run.ts';
import { openEmbedded, type Embedded } from './open-embedded.ts';

let clock: ManualClock;
let embedded: Embedded;
let loop: Loop;
let worker: Consumer[];
let took: number[];
let answer: DispatchAnswer;

beforeEach(async () => {
  clock = new ManualClock();
  embedded = openEmbedded(':memory:', clock);
  answer = { kind: 'accepted', status: 204 };
  const github = gitHub(async () => answer);
  const { store, bus } = embedded;
  await applyResources({ store, github, issuer, nowMs: clock.now(), dryRun: false }, resourcesOf([['*']]), manager);
  took = [];
  loop = loopOn({ store, bus, clock, github, issuer, changes: { onDispatched: (ms) => took.push(ms) } });
  const work = handlers(loop);
  worker = queues
    .filter((queue) => queue !== 'dispatch')
    .map((queue) => embedded.bus.consume(queue, work[queue], { sessions: 4 }));
});
afterEach(async () => {
  await Promise.all(worker.map((it) => it.stop()));
  await embedded.close();
});

const isWaiting = (): Promise<void> =>
  eventually(async () => (await embedded.bus.depth('dispatch')).waiting > 0, 'a delivery is planned');
const dispatch = (): void => {
  worker.push(embedded.bus.consume('dispatch', handlers(loop).dispatch, { sessions: 4 }));
};
const times = (count: number): Promise<void> => eventually(() => took.length === count, `${count} were dispatched`);

test('how long a delivery took counts from the completion of its run, whenever its message came before that', async () => {
  await acceptMessage(loop, messageOf(0), clock.now());
  clock.advance(600_000);
  await acceptWebhook(loop, runWebhook('completed', 'guid'), clock.now());
  await isWaiting();
  clock.advance(7_000);
  dispatch();
  await times(1);
  expect(took).toEqual([7_000]);
});

test('a try that GitHub did not take is no dispatch, and its wait counts', async () => {
  await acceptMessage(loop, messageOf(0), clock.now());
  await acceptWebhook(loop, runWebhook('completed', 'guid'), clock.now());
  await isWaiting();
  answer = { kind: 'limited', status: 429, reason: 'slow down', notBefore: clock.now() + 60_000 };
  dispatch();
  await eventually(
    async () => (await listDeliveries(loop, clock.now(), { limit: 1 })).items[0]?.nextAttemptAt != null,
    'GitHub asked to wait',
  );
  expect(took).toEqual([]);
  answer = { kind: 'accepted', status: 204 };
  clock.advance(120_000);
  await times(1);
  expect(took).toEqual([120_000]);
});

test('a replay counts from when it was asked for', async () => {
  await acceptMessage(loop, messageOf(0), clock.now());
  await acceptWebhook(loop, runWebhook('completed', 'guid'), clock.now());
  await isWaiting();
  dispatch();
  const first = async () => (await listDeliveries(loop, clock.now(), { limit: 1 })).items[0];
  await eventually(async () => (await first())?.state === 'dispatched', 'its dispatch is recorded');
  clock.advance(86_400_000);
  await replayDelivery(loop, (await first())?.deliveryId ?? '', 'again', clock.now());
  await times(2);
  expect(took).toEqual([0, 0]);
});
