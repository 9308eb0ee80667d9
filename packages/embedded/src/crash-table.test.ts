// What a crash between any two effects of a step leads to, line by line: docs/explanation/the-loop.md has the table.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  acceptMessage,
  acceptWebhook,
  applyResources,
  handlers,
  listDeliveries,
  manager,
  queues,
  readJournal,
  redrive,
  replayDelivery,
  type Consumer,
  type DocumentStore,
} from '@zekt/core';
import { busOn, CrashError, eventually, loopOn, ManualClock, type Loop } from '@zekt/core/testing';
import { deliveryIdIn, gitHub, issuer, messageOf, resourcesOf, runWebhook } from './one-run.ts';
import { openEmbedded, type Embedded } from './open-embedded.ts';

let clock: ManualClock;
let embedded: Embedded;
let loop: Loop;
let workers: Consumer[];
/** Delivery ids as GitHub took them. */
let dispatched: string[];
/** Effects so far: `write <partition>`, `publish <queue>`, `GitHub`. */
let effects: string[];
/** The effect after which the process dies, once. */
let crashAfter: string | null;

async function effect<T>(name: string, work: () => Promise<T>): Promise<T> {
  const result = await work();
  effects.push(name);
  if (crashAfter !== null && name.startsWith(crashAfter)) {
    crashAfter = null;
    throw new CrashError(name);
  }
  return result;
}

beforeEach(async () => {
  clock = new ManualClock();
  embedded = openEmbedded(':memory:', clock);
  dispatched = [];
  effects = [];
  crashAfter = null;
  const github = gitHub((request) =>
    effect('GitHub', async () => {
      dispatched.push(deliveryIdIn(request));
      return { kind: 'accepted', status: 204 };
    }),
  );
  const { store: whole, bus: queuesOf } = embedded;
  await applyResources(
    { store: whole, github, issuer, nowMs: clock.now(), dryRun: false },
    resourcesOf([['*']]),
    manager,
  );
  const store: DocumentStore = {
    get: (partition, id) => whole.get(partition, id),
    list: (partition, options) => whole.list(partition, options),
    commit: (batch) => effect(`write ${batch.partition} ${batch.writes[0]?.id ?? ''}`, () => whole.commit(batch)),
  };
  const bus = busOn(store, {
    ...busOn(whole, queuesOf),
    publish: (messages) => effect(`publish ${messages[0]?.queue ?? ''}`, () => queuesOf.publish(messages)),
    consume: (queue, handler, options) => queuesOf.consume(queue, handler, options),
  });
  loop = loopOn({ store, bus, clock, github, issuer });
  workers = queues.map((queue) => bus.consume(queue, handlers(loop)[queue], { sessions: 4 }));
  // What the resources reported.
  await eventually(async () => (await bus.depth('events')).waiting === 0, 'the directory is written');
  effects = [];
});
afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.stop()));
  await embedded.close();
});

const send = (index = 0): Promise<unknown> => acceptMessage(loop, messageOf(index), clock.now());
const complete = (): Promise<unknown> => acceptWebhook(loop, runWebhook('completed', 'guid'), clock.now());
/** Lets everything that waits for its next try have it. */
async function settle(): Promise<void> {
  for (let step = 0; step < 20; step += 1) {
    clock.advance(2000);
    for (let turn = 0; turn < 30; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }
}
async function journal(): Promise<string[]> {
  const types = new Map<string, string>();
  for await (const { entry } of readJournal(embedded.store, clock.now(), undefined))
    if (entry.event) types.set(entry.event.id, entry.event.type);
  return [...types.values()].filter((type) => /^(message|run|delivery)\./.test(type)).sort();
}
const whole = ['delivery.dispatched', 'message.received', 'run.completed'];

/** The one delivery went out, and everything that goes with it is there. */
async function expectWhole(times = 1): Promise<void> {
  expect(dispatched).toHaveLength(times);
  expect(new Set(dispatched).size).toBe(1);
  expect(await journal()).toEqual(whole);
  const { items } = await listDeliveries(loop, clock.now(), { limit: 10 });
  expect(items.map(({ deliveryId, state }) => [deliveryId, state])).toEqual([[dispatched[0], 'dispatched']]);
}

test('without a crash one message to one consumer is these effects and no others', async () => {
  await send();
  await complete();
  await settle();
  await expectWhole();
  expect(effects.map((it) => it.replace(/ [\da-f]{8}\..*$|:.*$| delivery-.*$/, ''))).toEqual([
    'write run',
    'write journal',
    'publish correlate',
    'publish correlate',
    'write run',
    'write journal',
    'publish dispatch',
    'GitHub',
    'write',
    'write connection',
    'write journal',
  ]);
});

test('after the message, before its hint: the sender was not answered, sends again, and the rest is done then', async () => {
  crashAfter = 'write run:';
  await expect(send()).rejects.toThrow(CrashError);
  await send();
  await complete();
  await settle();
  await expectWhole();
});

test('after the message, before its hint, and the sender never comes back: the completion finds it all the same', async () => {
  crashAfter = 'write run:';
  await expect(send()).rejects.toThrow(CrashError);
  await complete();
  await settle();
  expect(dispatched).toHaveLength(1);
  expect(await journal()).toEqual(['delivery.dispatched', 'run.completed']);
});

test('after the publication of a webhook, before its answer: it is sent again, and nothing happens twice', async () => {
  await send();
  crashAfter = 'publish correlate';
  await expect(complete()).rejects.toThrow(CrashError);
  await complete();
  await settle();
  await expectWhole();
});

test('after the decision, before the journal: the redelivery finds it, and does what follows from it', async () => {
  await send();
  await complete();
  crashAfter = 'write run:';
  await settle();
  await expectWhole();
});

test('after the journal, before the hints: the redelivery hints under the same ids', async () => {
  await send();
  await eventually(() => effects.includes('publish correlate'), 'the message is hinted at');
  await complete();
  crashAfter = 'write journal:';
  await settle();
  await expectWhole();
});

test("after GitHub's answer, before the delivery: it goes out a second time, under the same id", async () => {
  await send();
  await complete();
  crashAfter = 'GitHub';
  await settle();
  await expectWhole(2);
});

test.each([
  ['the delivery, before the connection', 'write delivery-'],
  ['the connection, before the journal', 'write connection:'],
])('after %s: the redelivery puts what is missing', async (_, point) => {
  await send();
  await complete();
  crashAfter = point;
  await settle();
  expect(crashAfter).toBeNull();
  await expectWhole();
  const [connection] = effects.filter((it) => it.startsWith('write connection:'));
  expect(connection).toBeDefined();
});

test('a bus that was lost, with the hints in it: a redrive goes over the runs of the journal again', async () => {
  await send();
  await complete();
  await settle();
  await expectWhole();
  dispatched = [];
  const lost = busOn(loop.store, { ...busOn(loop.store, loop.bus), publish: async () => undefined });
  await acceptMessage({ ...loop, bus: lost }, messageOf(1), clock.now());
  await settle();
  expect(dispatched).toEqual([]);
  const nowMs = clock.now();
  const dry = { sinceMs: nowMs - 3_600_000, nowMs, after: undefined, occasion: 'dry', isDryRun: true };
  expect(await redrive(loop, dry)).toEqual({ runs: 1, next: null });
  await settle();
  expect(dispatched).toEqual([]);
  const { runs, next } = await redrive(loop, { sinceMs: nowMs - 3_600_000, nowMs, after: undefined, occasion: 'test' });
  expect({ runs, next }).toEqual({ runs: 1, next: null });
  await settle();
  expect(dispatched).toHaveLength(1);
});

test('hints that were lost with their bus: a completion that GitHub is asked to send again hints anew, and doubles nothing', async () => {
  await send();
  await complete();
  crashAfter = 'write journal:';
  // The decision is there, and the bus that held what is to follow from it is not.
  await eventually(() => crashAfter === null, 'it is decided');
  await Promise.all(workers.splice(0).map((worker) => worker.stop()));
  const other = openEmbedded(':memory:', clock);
  const bus = busOn(loop.store, other.bus);
  const anew = { ...loop, bus };
  workers = queues.map((queue) => bus.consume(queue, handlers(anew)[queue], { sessions: 4 }));
  await acceptWebhook(anew, runWebhook('completed', 'guid'), clock.now());
  await settle();
  await acceptWebhook(anew, runWebhook('completed', 'guid-2'), clock.now());
  await settle();
  await expectWhole();
  await Promise.all(workers.splice(0).map((worker) => worker.stop()));
  await other.close();
});

test('a replay of what GitHub has and no record yet asks to try again, and works once it is recorded', async () => {
  crashAfter = 'GitHub';
  await send();
  await complete();
  await eventually(() => dispatched.length === 1, 'GitHub has it');
  const replay = () => replayDelivery(loop, dispatched[0] ?? '', 'key', clock.now());
  await expect(replay()).rejects.toMatchObject({ code: 'unavailable', retryAfterMs: 2000 });
  await settle();
  expect(await replay()).toMatchObject({ replayOf: dispatched[0] });
});
