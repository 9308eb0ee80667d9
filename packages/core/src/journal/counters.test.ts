import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openEmbedded, type Embedded } from '@zekt/embedded';
import { ManualClock } from '../ports/manual-clock.ts';
import { Counters } from './counters.ts';

const hourMs = 3_600_000;
let clock: ManualClock;
let embedded: Embedded;
beforeEach(() => {
  clock = new ManualClock();
  embedded = openEmbedded(':memory:', clock);
});
afterEach(() => embedded.close());
const open = (instance: string): Counters => new Counters(instance, () => clock.now());

test('what several processes counted is one sum, each to what it has written, and the own to this moment', async () => {
  const [one, other] = [open('one'), open('other')];
  one.count('messages.accepted');
  other.count('messages.accepted');
  other.count('runs.blocked');
  await other.flush(embedded.store);
  expect(await one.lastDay(embedded.store)).toEqual({ 'messages.accepted': 2, 'runs.blocked': 1 });
  one.count('messages.accepted');
  await one.flush(embedded.store);
  await one.flush(embedded.store);
  expect(await one.lastDay(embedded.store)).toEqual({ 'messages.accepted': 3, 'runs.blocked': 1 });
});

test('a process that is gone is still counted', async () => {
  const gone = open('gone');
  gone.count('webhooks.queued');
  await gone.flush(embedded.store);
  expect(await open('next').lastDay(embedded.store)).toEqual({ 'webhooks.queued': 1 });
});

test('after a day it counts no more', async () => {
  const counters = open('one');
  counters.count('early');
  await counters.flush(embedded.store);
  clock.advance(23 * hourMs);
  counters.count('late');
  await counters.flush(embedded.store);
  expect(await counters.lastDay(embedded.store)).toEqual({ early: 1, late: 1 });
  clock.advance(2 * hourMs);
  expect(await counters.lastDay(embedded.store)).toEqual({ late: 1 });
});

test('names that a sender makes up do not grow without end', () => {
  const counters = open('one');
  for (let n = 0; n < 1000; n += 1) counters.count(`webhooks.ignored.event_${n}`);
  expect(Object.keys(counters.own())).toHaveLength(500);
});
