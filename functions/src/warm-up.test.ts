import { expect, test } from '@jest/globals';
import { ManualClock } from '@zekt/core/testing';
import { warmUpAfterMs, warmUpLater } from './warm-up.ts';

const clock = new ManualClock();
const at = (ms: number, callback: () => void) => clock.at(clock.now() + ms, callback);

test('an instance that nobody asks anything opens the app by itself, after whoever it was started for', () => {
  let opened = 0;
  const fail = (): Promise<never> => {
    opened += 1;
    return Promise.reject(new Error('a setting is wrong'));
  };
  warmUpLater(fail, at);
  clock.advance(warmUpAfterMs - 1);
  expect(opened).toBe(0);
  clock.advance(1);
  expect(opened).toBe(1);
});

test('an app that ends before is not opened any more', () => {
  let opened = 0;
  const cancel = warmUpLater(async () => (opened += 1), at);
  cancel();
  clock.advance(2 * warmUpAfterMs);
  expect(opened).toBe(0);
});
