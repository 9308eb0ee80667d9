import { describe, expect, test } from '@jest/globals';
import type { HttpAnswer } from './http.ts';
import { sendWithRetries } from './retry.ts';

const request = { method: 'POST', url: 'https://zekt.example.com/', headers: {} } as const;
const answer = (status: number, headers: Record<string, string> = {}): HttpAnswer => ({ status, headers, body: '' });

function attempt(answers: readonly (HttpAnswer | Error)[], deadlineMs = 60_000, random = 0.5) {
  let now = 0;
  let calls = 0;
  const waits: number[] = [];
  const outcome = sendWithRetries(
    async () => {
      const next = answers[Math.min(calls, answers.length - 1)];
      calls += 1;
      if (next instanceof Error) throw next;
      return next ?? answer(500);
    },
    request,
    { deadline: deadlineMs, tryMs: 10_000 },
    {
      now: () => now,
      sleep: async (ms) => {
        waits.push(ms);
        now += ms;
      },
      random: () => random,
    },
  );
  return outcome.then((result) => ({ result, waits, calls }));
}

test.each([200, 202, 301, 400, 401, 403, 404, 409, 413, 422])('%i is final', async (status) => {
  expect(await attempt([answer(status)])).toMatchObject({ calls: 1, result: { kind: 'answered', answer: { status } } });
});

test.each([429, 500, 502, 503, 504])('%i is tried again', async (status) => {
  expect(await attempt([answer(status), answer(status), answer(200)])).toMatchObject({
    calls: 3,
    result: { answer: { status: 200 }, tries: 3 },
  });
});

test('a broken connection is tried again', async () => {
  expect(await attempt([new Error('ECONNRESET'), answer(200)])).toMatchObject({
    calls: 2,
    result: { kind: 'answered' },
  });
});

test('waits double, with jitter either way', async () => {
  expect((await attempt([answer(500)], 20_000)).waits).toEqual([500, 1000, 2000, 4000, 8000]);
  expect((await attempt([answer(500), answer(200)], 20_000, 0)).waits).toEqual([250]);
  expect((await attempt([answer(500), answer(200)], 20_000, 1)).waits).toEqual([750]);
});

describe('Retry-After', () => {
  test('is kept to, in seconds or as a date', async () => {
    expect((await attempt([answer(429, { 'retry-after': '7' }), answer(200)])).waits).toEqual([7000]);
    expect((await attempt([answer(503, { 'retry-after': new Date(9000).toUTCString() }), answer(200)])).waits).toEqual([
      9000,
    ]);
  });

  test('beyond the time left ends the tries with the answer there is', async () => {
    expect(await attempt([answer(429, { 'retry-after': '3600' })])).toMatchObject({
      calls: 1,
      waits: [],
      result: { answer: { status: 429 } },
    });
  });
});

test('gives up when the time is up, with the last failure', async () => {
  expect((await attempt([new Error('no route')], 3000)).result).toMatchObject({
    kind: 'unreachable',
    reason: 'no route',
  });
});
