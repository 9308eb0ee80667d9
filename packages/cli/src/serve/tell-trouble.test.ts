import { expect, test } from '@jest/globals';
import { silentLog } from '@zekt/core';
import { ManualClock } from '@zekt/core/testing';
import { tellTrouble } from './tell-trouble.ts';

test('trouble is told once a minute while it lasts, and its end once', () => {
  const told: string[] = [];
  const clock = new ManualClock();
  const log = {
    ...silentLog,
    error: (_: object, message: string) => told.push(message),
    info: (_: object, message: string) => told.push(message),
  };
  const tell = tellTrouble(log, '/data', clock);
  for (const cause of [new Error('full'), new Error('full'), null, new Error('full'), null]) tell(cause);
  expect(told).toEqual([expect.stringContaining('can not be written'), 'the store can be written again']);
  clock.advance(60_000);
  tell(new Error('full'));
  expect(told).toHaveLength(3);
});
