import { expect, test } from '@jest/globals';
import type { Verdict } from '@zekt/egress';
import type { DocumentStore } from '@zekt/core';
import { ManualClock } from '@zekt/core/testing';
import { openEmbedded } from '@zekt/embedded';
import { getProviderState } from '../resources/provider-state.ts';
import { Destinations, type Question } from './destinations.ts';

const key = { namespace: 'default', name: 'a' };
const question: Question = { limits: null, reserved: undefined, random: () => 0 };
const again: Verdict = { kind: 'again', reason: 'It answered 502.' };

function open(processes: number) {
  const clock = new ManualClock();
  const { store } = openEmbedded(':memory:', clock);
  let reads = 0;
  const counting: DocumentStore = {
    get: (partition, id) => {
      reads += 1;
      return store.get(partition, id);
    },
    list: (partition, options) => store.list(partition, options),
    commit: (batch) => store.commit(batch),
  };
  const all = Array.from({ length: processes }, () => new Destinations(counting, clock));
  const [here, there = here] = all;
  if (!here || !there) throw new Error('there is a process');
  const answer = async (destinations: Destinations, verdict: Verdict): Promise<number> => {
    const circumstances = { status: null, at: clock.now(), limits: 0, random: 0.5 };
    const batches = await (await destinations.take(key, { verdict, ...circumstances }))();
    for (const batch of batches) await store.commit(batch);
    return batches.length;
  };
  return { clock, store, here, there, answer, reads: () => reads };
}

test('an answer that is no news costs no read and no write', async () => {
  const { clock, here, answer, reads } = open(1);
  expect(await answer(here, { kind: 'done' })).toBe(1);
  const before = reads();
  for (let time = 0; time < 4; time += 1) {
    clock.advance(1000);
    expect(await here.admit(key, question)).toEqual({ kind: 'go' });
    expect(await answer(here, { kind: 'done' })).toBe(0);
  }
  expect(reads()).toBe(before);
});

test('a circuit that opened, and a Retry-After, are known here at once and to another process within five seconds', async () => {
  const { clock, here, there, answer } = open(2);
  expect(await there.admit(key, question)).toEqual({ kind: 'go' });
  for (let time = 0; time < 5; time += 1) await answer(here, again);
  expect(await here.admit(key, question)).toMatchObject({ kind: 'wait' });
  clock.advance(5000);
  expect(await there.admit(key, question)).toMatchObject({ kind: 'wait' });
  const other = open(2);
  await other.there.admit(key, question);
  await answerLimited(other);
  expect(await other.here.admit(key, question)).toEqual({ kind: 'wait', until: other.clock.now() + 120_000 });
  other.clock.advance(5000);
  expect(await other.there.admit(key, question)).toEqual({ kind: 'wait', until: other.clock.now() + 115_000 });
});
const answerLimited = ({ here, answer }: ReturnType<typeof open>): Promise<number> =>
  answer(here, { kind: 'limited', reason: 'It answered 429.', afterMs: 120_000 });

test('failures of all processes count together', async () => {
  const { here, there, answer, store, clock } = open(2);
  for (const destinations of [here, there, here, there, here]) await answer(destinations, again);
  const state = await getProviderState(store, key);
  expect(state).toMatchObject({ failures: 5, opened: 1 });
  expect(state.openUntil).toBeGreaterThan(clock.now());
});

test('when the time of a circuit is over, one of all processes tries', async () => {
  const { clock, here, there, answer } = open(2);
  for (let time = 0; time < 5; time += 1) await answer(here, again);
  await there.admit(key, question);
  clock.advance(31_000);
  const admitted = await Promise.all([here, here, there, there].map((it) => it.admit(key, question)));
  expect(admitted.map(({ kind }) => kind).sort()).toEqual(['go', 'wait', 'wait', 'wait']);
});

test('a rate gives times, and what comes at its time goes', async () => {
  const { clock, here } = open(1);
  const limits = { perMinute: 60, burst: 1 };
  expect(await here.admit(key, { ...question, limits })).toEqual({ kind: 'go' });
  const at = clock.now() + 1000;
  expect(await here.admit(key, { ...question, limits })).toEqual({ kind: 'wait', until: at, reserved: at });
  clock.advance(1000);
  expect(await here.admit(key, { ...question, limits, reserved: at })).toEqual({ kind: 'go' });
  // That took nobody's turn.
  expect(await here.admit(key, { ...question, limits })).toEqual({
    kind: 'wait',
    until: at + 1000,
    reserved: at + 1000,
  });
});
