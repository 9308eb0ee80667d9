import { expect, test } from '@jest/globals';
import { ManualClock } from '../ports/manual-clock.ts';
import { broken, fine, type Check } from './check.ts';
import { DoctorWatch } from './watch.ts';

const full = broken('storage', 'The disk is full.', 'Make room.');

function watch(): { look: (...checks: Check[]) => Promise<string[]>; clock: ManualClock; stop: () => void } {
  const clock = new ManualClock();
  let found: Check[] = [];
  let lines: string[] = [];
  const note = (_: object, sentence: string): void => {
    lines.push(sentence);
  };
  const doctor = { examine: async () => ({ ok: true, checks: found }) };
  const watching = new DoctorWatch(doctor, clock, { info: note, warn: note });
  return {
    clock,
    stop: () => watching.stop(),
    async look(...checks) {
      found = checks;
      lines = [];
      await watching.look();
      return lines;
    },
  };
}

test('what is found is told at once, again when it changes, and every hour while it stays', async () => {
  const { look, clock } = watch();
  expect(await look(full, fine('clock', 'It agrees.'))).toEqual(['doctor: The disk is full.']);
  clock.advance(60_000);
  expect(await look(full)).toEqual([]);
  expect(await look({ ...full, sentence: 'The disk fails.' })).toEqual(['doctor: The disk fails.']);
  clock.advance(3_600_000);
  expect(await look({ ...full, sentence: 'The disk fails.' })).toEqual(['doctor: The disk fails.']);
});

test('what is well again is told once', async () => {
  const { look } = watch();
  await look(full);
  expect(await look(fine('storage', 'It writes.'))).toEqual(["doctor: 'storage' is well again"]);
  expect(await look(fine('storage', 'It writes.'))).toEqual([]);
});

test('what a look finds of a server that stops is not told', async () => {
  const { look, stop } = watch();
  stop();
  expect(await look(full)).toEqual([]);
});
