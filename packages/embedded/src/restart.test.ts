import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { complete, decides, maxDeliveryCount, redeliveryDelayMs, type BusMessage, type Received } from '@zekt/core';
import { eventually, ManualClock } from '@zekt/core/testing';
import { openEmbedded, type Embedded } from './open-embedded.ts';

let root: string;
let clock: ManualClock;
let lives: number;
const open: Embedded[] = [];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'zekt-restart-'));
  clock = new ManualClock();
  lives = 0;
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((embedded) => embedded.close()));
  rmSync(root, { recursive: true });
});

const directory = (): string => join(root, `life-${lives}`);
function start(): Embedded {
  const embedded = openEmbedded(directory(), clock);
  open.push(embedded);
  return embedded;
}
/** The next process finds what the one before, which is not told, has written so far. */
function killAndStart(): Embedded {
  const before = directory();
  lives += 1;
  cpSync(before, directory(), { recursive: true, filter: (path) => !/lock|shm/.test(basename(path)) });
  return start();
}
const message = (id: string, session = 's', more: Partial<BusMessage> = {}): BusMessage => ({
  queue: 'track',
  id,
  session,
  body: { id },
  ...more,
});

test('after a start messages come in their order, delayed ones at their time', async () => {
  await start().bus.publish([
    message('late', 's', { notBefore: clock.now() + 60_000 }),
    ...['1', '2', '3'].map((id) => message(id)),
  ]);
  const { bus } = killAndStart();
  const seen: string[] = [];
  const consumer = bus.consume(
    'track',
    decides(async ({ id }) => (seen.push(id), { settlement: complete })),
    {
      sessions: 4,
    },
  );
  await eventually(() => seen.length === 3, 'those that are due are handled');
  clock.advance(59_999);
  expect(seen).toEqual(['1', '2', '3']);
  clock.advance(1);
  await eventually(() => seen.length === 4, 'the late one is handled');
  await consumer.stop();
});

test('after a start an id is still taken, a count goes on, and dead letters are there', async () => {
  const first = start();
  const failing = first.bus.consume(
    'track',
    decides(async ({ id }) => {
      if (id === 'bad') throw new Error('not yet');
      return { settlement: { settle: 'deadLetter', reason: 'as told' } };
    }),
    { sessions: 4 },
  );
  await first.bus.publish([message('bad'), message('dead')]);
  await eventually(async () => (await first.bus.depth('track')).dead === 1, 'one is dead');
  await failing.stop();
  const { bus } = killAndStart();
  await bus.publish([message('bad')]);
  expect(await bus.depth('track')).toEqual({ waiting: 1, dead: 1 });
  expect((await bus.deadLetters('track', { limit: 10 })).items).toMatchObject([{ id: 'dead', reason: 'as told' }]);
  const counts: number[] = [];
  const consumer = bus.consume(
    'track',
    decides(async ({ deliveryCount }) => (counts.push(deliveryCount), { settlement: complete })),
    { sessions: 1 },
  );
  clock.advance(redeliveryDelayMs(1));
  await eventually(() => counts.length === 1, 'it is tried again');
  expect(counts).toEqual([2]);
  await consumer.stop();
});

test('a message that ends the process each time becomes a dead letter, and one beside it does not', async () => {
  let embedded = start();
  await embedded.bus.publish([message('poison', 'a')]);
  const counts: number[] = [];
  for (let life = 0; life <= maxDeliveryCount + 1; life += 1) {
    await embedded.bus.publish([message('innocent', 'b')]);
    let isHandedOut = false;
    embedded.bus.consume(
      'track',
      async ({ id, deliveryCount }: Received) => {
        if (id === 'innocent') return async () => ({ settlement: complete });
        counts.push(deliveryCount);
        isHandedOut = true;
        return new Promise(() => undefined);
      },
      { sessions: 2 },
    );
    const { bus } = embedded;
    await eventually(async () => isHandedOut || (await bus.depth('track')).dead === 1, 'it is handed out or dead');
    await eventually(async () => (await bus.depth('track')).waiting <= 1, 'the innocent one is handled');
    embedded = killAndStart();
  }
  const { items } = await embedded.bus.deadLetters('track', { limit: 10 });
  expect(items).toMatchObject([{ id: 'poison', deliveryCount: maxDeliveryCount }]);
  expect(items[0]?.reason).toMatch(/Handed out 10 times/);
  // The first process that dies counts in memory alone.
  expect(counts).toEqual([1, ...Array.from({ length: maxDeliveryCount }, (_, n) => n + 1)]);
});
