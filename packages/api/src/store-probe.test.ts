import { beforeEach, expect, test } from '@jest/globals';
import { silentLog, ZektError, type Bus, type DocumentStore } from '@zekt/core';
import { ManualClock } from '@zekt/core/testing';
import { StoreProbe } from './store-probe.ts';

let clock: ManualClock;
let writes: number;
let failure: Error | null;
let probe: StoreProbe;

beforeEach(() => {
  clock = new ManualClock();
  writes = 0;
  failure = null;
  const store: Pick<DocumentStore, 'commit'> = {
    commit: async () => {
      writes += 1;
      if (failure) throw failure;
      return { committed: true, etags: {} };
    },
  };
  const bus: Pick<Bus, 'deadLetters'> = { deadLetters: async () => ({ items: [], next: null }) };
  probe = new StoreProbe(store, bus, clock, silentLog);
});

test('a store that can be read and not written is not ready, in its own sentence', async () => {
  failure = new ZektError('unavailable', 'The disk is full.');
  expect(await probe.look()).toEqual({
    ready: false,
    checks: { store: 'failing', bus: 'ok' },
    problem: 'The disk is full.',
  });
  failure = null;
  clock.advance(1000);
  expect(await probe.look()).toEqual({ ready: true, checks: { store: 'ok', bus: 'ok' } });
});

test('whoever asks often makes no more than one write a second', async () => {
  await Promise.all(Array.from({ length: 100 }, () => probe.look()));
  clock.advance(999);
  await probe.look();
  expect(writes).toBe(1);
  clock.advance(1);
  await probe.look();
  expect(writes).toBe(2);
});

test('what nobody foresaw is told to the log and not to strangers', async () => {
  failure = new Error('/var/lib/zekt/zekt.sqlite: canary');
  expect(JSON.stringify(await probe.look())).not.toContain('canary');
});
