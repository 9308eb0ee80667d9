import { expect, test } from '@jest/globals';
import type { PaceState } from './cell-rate.ts';
import { FairPace } from './pace.ts';

const nothingKept = async (): Promise<PaceState | null> => null;
const once = (pace: FairPace, nowMs: number, account = 'acme', slot?: number): Promise<number> =>
  pace.reserve({ installationId: 'i', account, nowMs, slot });

async function reserve(pace: FairPace, count: number, nowMs: number, account = 'acme'): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < count; n += 1) times.push(await once(pace, nowMs, account));
  return times;
}

/** Lets everybody come back at the times they were given, until all have written. */
async function play(pace: FairPace, waiting: { readonly account: string; at: number }[]): Promise<string[]> {
  const written: string[] = [];
  while (waiting.length > 0) {
    waiting.sort((a, b) => a.at - b.at);
    const [next] = waiting;
    if (!next) break;
    const given = await once(pace, next.at, next.account, next.at);
    if (given > next.at) next.at = given;
    else written.push(`${waiting.shift()?.account}@${given}`);
  }
  return written;
}

test('a burst at once, then one at a time at the rate', async () => {
  const pace = new FairPace({ perMinute: 60, burst: 3 }, nothingKept);
  expect(await reserve(pace, 6, 10_000)).toEqual([10_000, 10_000, 10_000, 11_000, 12_000, 13_000]);
});

test('whoever comes back at the time that he was given may write', async () => {
  const pace = new FairPace({ perMinute: 60, burst: 1 }, nothingKept);
  expect(await reserve(pace, 3, 10_000)).toEqual([10_000, 11_000, 12_000]);
  expect(await once(pace, 11_000, 'acme', 11_000)).toBe(11_000);
  expect(await once(pace, 12_000, 'acme', 12_000)).toBe(12_000);
});

test('a newcomer does not overtake those of his account who wait', async () => {
  const pace = new FairPace({ perMinute: 60, burst: 1 }, nothingKept);
  await reserve(pace, 3, 10_000);
  expect(await once(pace, 11_000)).toBeGreaterThan(12_000);
});

test('a flood of one account holds up another for a turn, not for the whole flood', async () => {
  const pace = new FairPace({ perMinute: 60, burst: 1 }, nothingKept);
  const flood = await reserve(pace, 120, 10_000);
  const single = await once(pace, 10_500, 'fabrikam');
  const waiting = flood.slice(1).map((at) => ({ account: 'acme', at }));
  const written = await play(pace, [...waiting, { account: 'fabrikam', at: single }]);
  expect(written.findIndex((it) => it.startsWith('fabrikam'))).toBeLessThan(3);
  expect(written).toHaveLength(120);
});

test('two floods take turns', async () => {
  const pace = new FairPace({ perMinute: 60, burst: 1 }, nothingKept);
  const waiting = (await reserve(pace, 40, 10_000)).slice(1).map((at) => ({ account: 'acme', at }));
  waiting.push(...(await reserve(pace, 20, 10_000, 'fabrikam')).map((at) => ({ account: 'fabrikam', at })));
  const first = (await play(pace, waiting)).slice(0, 20);
  const others = first.filter((it) => it.startsWith('fabrikam')).length;
  expect(others).toBeGreaterThanOrEqual(7);
  expect(others).toBeLessThanOrEqual(13);
});

test('however many wait, GitHub is never written to faster than the rate', async () => {
  const pace = new FairPace({ perMinute: 60, burst: 1 }, nothingKept);
  const waiting = (await reserve(pace, 30, 10_000)).slice(1).map((at) => ({ account: 'acme', at }));
  waiting.push(...(await reserve(pace, 30, 10_000, 'fabrikam')).map((at) => ({ account: 'fabrikam', at })));
  const times = (await play(pace, waiting)).map((it) => Number(it.split('@')[1]));
  times.slice(1).forEach((at, index) => expect(at - (times[index] ?? 0)).toBeGreaterThanOrEqual(1000));
});

test('while GitHub wants quiet nobody writes, and afterwards there is no burst', async () => {
  const pace = new FairPace({ perMinute: 60, burst: 5 }, nothingKept);
  await pace.hush('i', 70_000, 10_000);
  expect(await reserve(pace, 3, 10_000)).toEqual([70_000, 71_000, 72_000]);
});

test('installations do not hold each other up', async () => {
  const pace = new FairPace({ perMinute: 60, burst: 1 }, nothingKept);
  await reserve(pace, 10, 10_000);
  expect(await pace.reserve({ installationId: 'other', account: 'acme', nowMs: 10_000 })).toBe(10_000);
});

test('the next process goes on with what the one before it kept', async () => {
  const one = new FairPace({ perMinute: 60, burst: 1 }, nothingKept);
  await one.hush('i', 70_000, 10_000);
  const kept = one.worthKeeping('i');
  const next = new FairPace({ perMinute: 60, burst: 1 }, async () => kept);
  expect(await once(next, 11_000)).toBe(70_000);
});

test('after a pause, what another process kept meanwhile is believed', async () => {
  let kept: PaceState | null = null;
  const pace = new FairPace({ perMinute: 60, burst: 1 }, async () => kept);
  expect(await once(pace, 10_000)).toBe(10_000);
  kept = { arrival: 90_000, quietUntil: 90_000 };
  expect(await once(pace, 20_000)).toBe(90_000);
});
