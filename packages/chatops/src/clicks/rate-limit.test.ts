import { expect, test } from '@jest/globals';
import { ManualClock } from '@zekt/core/testing';
import { RateLimit } from './rate-limit.ts';

test('so many within a minute, of each key, and again after it', () => {
  const clock = new ManualClock();
  const limit = new RateLimit(3, clock);
  const tries = (key: string): boolean[] => [1, 2, 3, 4].map(() => limit.isExceeded(key));
  expect(tries('a')).toEqual([false, false, false, true]);
  expect(tries('b')).toEqual([false, false, false, true]);
  clock.advance(60_000);
  expect(limit.isExceeded('a')).toBe(false);
});
