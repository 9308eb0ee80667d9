import { expect, test } from '@jest/globals';
import { silentLog } from '@zekt/core';
import { stopInOrder } from './stop-in-order.ts';

const never = new Promise<never>(() => undefined);
const serving = (lost: Promise<Error>) => {
  let stops = 0;
  return { lost, stop: async () => void (stops += 1), stops: () => stops };
};

test('a signal stops it, and that is a good end', async () => {
  const zekt = serving(never);
  await stopInOrder(zekt, Promise.resolve('SIGTERM'), silentLog);
  expect(zekt.stops()).toBe(1);
});

test('a store that can not go on stops it, and the reason is how it ends', async () => {
  const zekt = serving(Promise.resolve(new Error('The disk could not keep what was written')));
  await expect(stopInOrder(zekt, never, silentLog)).rejects.toThrow('The disk could not keep what was written');
  expect(zekt.stops()).toBe(1);
});
