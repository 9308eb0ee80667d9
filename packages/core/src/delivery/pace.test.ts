import { expect, test } from '@jest/globals';
import { Pace } from './pace.ts';

test('a burst at once, then one at a time at the rate', () => {
  const pace = new Pace({ perMinute: 60, burst: 3 });
  expect(Array.from({ length: 6 }, () => pace.reserve('a', 10_000))).toEqual([
    10_000, 10_000, 10_000, 11_000, 12_000, 13_000,
  ]);
});

test('who comes back at the time he was given goes ahead, without taking another', () => {
  const pace = new Pace({ perMinute: 60, burst: 1 });
  pace.reserve('a', 0);
  const slot = pace.reserve('a', 0);
  expect(pace.reserve('a', slot, slot)).toBe(slot);
  expect(pace.reserve('a', slot)).toBe(slot + 1000);
});

test('installations do not wait for each other', () => {
  const pace = new Pace({ perMinute: 60, burst: 1 });
  for (let n = 0; n < 100; n += 1) pace.reserve('busy', 0);
  expect(pace.reserve('quiet', 0)).toBe(0);
});

test('after a request for quiet nothing goes out before its end, not even who had a time, and then no burst', () => {
  const pace = new Pace({ perMinute: 60, burst: 5 });
  const early = pace.reserve('a', 0);
  pace.hush('a', 60_000);
  expect(pace.reserve('a', 0, early)).toBe(60_000);
  expect(pace.reserve('a', 60_000)).toBe(61_000);
  expect(pace.reserve('b', 0)).toBe(0);
});

test('a pause restores the burst and no more', () => {
  const pace = new Pace({ perMinute: 60, burst: 2 });
  for (let n = 0; n < 4; n += 1) pace.reserve('a', 0);
  expect([0, 1, 2].map(() => pace.reserve('a', 3_600_000))).toEqual([3_600_000, 3_600_000, 3_601_000]);
});
