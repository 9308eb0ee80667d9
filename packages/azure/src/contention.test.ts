import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { complete, decides, done, redeliveryDelayMs, silentLog, type BusMessage, type Handler } from '@zekt/core';
import { eventually, ManualClock } from '@zekt/core/testing';
import { staleReads } from '@zekt/azure-doubles';
import { startDoubles, type Doubles } from './on-doubles.ts';
import { openAzure, type Azure } from './open-azure.ts';
import { readAzureSettings } from './settings.ts';

// Two processes with one store and one bus: each has a session of its own, so what one wrote the other may not see yet.

let clock: ManualClock;
let doubles: Doubles;
let one: Azure;
let other: Azure;

const open = async (): Promise<Azure> => {
  const settings = readAzureSettings(doubles.environment, []);
  if (!settings) throw new Error('the doubles have no settings');
  return openAzure(settings, silentLog, clock);
};
beforeEach(async () => {
  clock = new ManualClock();
  doubles = await startDoubles({ clock, partitionCount: 2 });
  [one, other] = [await open(), await open()];
});
afterEach(async () => {
  await one.close();
  await other.close();
  await doubles.stop();
});

const message = (id: string): BusMessage => ({
  queue: 'track',
  id: `message-${id}`,
  session: `session-${id}`,
  body: { id },
});

interface Count {
  readonly handled: readonly string[];
}

test('decisions of two processes that fight for one document each take effect once', async () => {
  const ids = Array.from({ length: 30 }, (_, n) => String(n));
  let decisions = 0;
  const counting = ({ store }: Azure): Handler =>
    decides(async ({ body }) => {
      decisions += 1;
      const { id: name } = body as { id: string };
      const found = await store.get<Count>('counter', 'count');
      const handled = found?.body.handled ?? [];
      if (handled.includes(name)) return done;
      const next: Count = { handled: [...handled, name] };
      return {
        batches: [
          {
            partition: 'counter',
            writes: [
              found
                ? { kind: 'replace', id: 'count', etag: found.etag, body: next }
                : { kind: 'create', id: 'count', body: next },
            ],
          },
        ],
        settlement: complete,
      };
    });
  doubles.cosmos.lag = staleReads(7);
  await one.bus.publish(ids.map(message));
  const consumers = [one, other].map((azure) => azure.bus.consume('track', counting(azure), { sessions: 8 }));
  await eventually(async () => {
    clock.advance(100);
    return (await one.bus.depth('track')).waiting === 0;
  }, 'the queue is empty');
  await Promise.all(consumers.map((consumer) => consumer.stop()));
  doubles.cosmos.lag = null;
  const { handled = [] } = (await one.store.get<Count>('counter', 'count'))?.body ?? {};
  expect([...handled].sort()).toEqual([...ids].sort());
  expect(decisions).toBeGreaterThan(ids.length);
  expect((await one.bus.depth('track')).dead).toBe(0);
}, 60_000);

test('a message that names what this process can not see yet comes again until it can, and is never lost', async () => {
  doubles.cosmos.lag = () => 1;
  const counts: number[] = [];
  const handler: Handler = decides(async ({ deliveryCount }) => {
    counts.push(deliveryCount);
    const found = await other.store.get('named', 'document');
    if (!found) throw new Error('not visible yet');
    return done;
  });
  // The document first, then the message that names it, as every step does.
  await one.bus.commit({
    batches: [{ partition: 'named', writes: [{ kind: 'create', id: 'document', body: {} }] }],
    messages: [message('1')],
  });
  const consumer = other.bus.consume('track', handler, { sessions: 1 });
  for (const tries of [1, 2, 3]) {
    await eventually(() => counts.length === tries, `try ${tries}`);
    await eventually(async () => (await one.bus.depth('track')).waiting === 1, 'it waits');
    if (tries === 3) doubles.cosmos.lag = () => 0;
    await eventually(() => {
      clock.advance(redeliveryDelayMs(tries));
      return counts.length > tries;
    }, 'it comes again');
  }
  await eventually(async () => (await one.bus.depth('track')).waiting === 0, 'the queue is empty');
  await consumer.stop();
  expect(doubles.cosmos.staleAnswers).toBe(3);
  expect(counts).toEqual([1, 2, 3, 4]);
  expect((await one.bus.depth('track')).dead).toBe(0);
}, 60_000);

test('with replicas that are behind at random, every message of one process is handled by the other, once in effect', async () => {
  doubles.cosmos.lag = staleReads(42);
  const ids = Array.from({ length: 20 }, (_, n) => String(n));
  const handler: Handler = decides(async ({ body }) => {
    const { id: name } = body as { id: string };
    if (!(await other.store.get(`named:${name}`, 'document'))) throw new Error('not visible yet');
    if (await other.store.get(`done:${name}`, 'document')) return done;
    return {
      batches: [{ partition: `done:${name}`, writes: [{ kind: 'create', id: 'document', body: {} }] }],
      settlement: complete,
    };
  });
  const consumer = other.bus.consume('track', handler, { sessions: 4 });
  for (const id of ids) {
    await one.bus.commit({
      batches: [{ partition: `named:${id}`, writes: [{ kind: 'create', id: 'document', body: {} }] }],
      messages: [message(id)],
    });
  }
  await eventually(async () => {
    clock.advance(500);
    return (await one.bus.depth('track')).waiting === 0;
  }, 'the queue is empty');
  await consumer.stop();
  expect(doubles.cosmos.staleAnswers).toBeGreaterThan(0);
  doubles.cosmos.lag = null;
  for (const id of ids) expect(await one.store.get(`done:${id}`, 'document')).not.toBeNull();
  expect((await one.bus.depth('track')).dead).toBe(0);
}, 60_000);
