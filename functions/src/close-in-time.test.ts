import { expect, test } from '@jest/globals';
import { ManualClock } from '@zekt/core/testing';
import { closeInTime, terminationMs } from './close-in-time.ts';

const never = (): Promise<never> => new Promise(() => undefined);
const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
};

test('an app whose store and collector do not answer ends before the host loses patience', async () => {
  const clock = new ManualClock();
  let isClosed = false;
  void closeInTime({ writeDown: never, close: [never, never] }, clock).then(() => (isClosed = true));
  for (let passedMs = 0; passedMs < terminationMs; passedMs += 500) {
    expect(isClosed).toBe(false);
    clock.advance(500);
    await turns();
  }
  expect(isClosed).toBe(true);
  expect(terminationMs).toBeLessThan(5000);
});

test('an app that is quick to end waits for nothing, and closes nothing before all is written down', async () => {
  const did: string[] = [];
  const note = (what: string) => async (): Promise<void> => {
    await turns();
    did.push(what);
  };
  const fail = (): Promise<never> => Promise.reject(new Error('gone'));
  await closeInTime({ writeDown: note('written'), close: [note('closed'), fail] }, new ManualClock());
  expect(did).toEqual(['written', 'closed']);
});
