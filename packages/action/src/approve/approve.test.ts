import { expect, test } from '@jest/globals';
import type { HttpAnswer } from '../http.ts';
import { approve } from './approve.ts';

/** A server that answers polls with these statuses, and then with a decision; time passes only by sleeping. */
async function play(polls: readonly number[]) {
  const inputs: Record<string, string> = {
    title: 'basket',
    approvers: 'github:mona',
    wait: 'true',
    'zekt-api-url': 'https://zekt.example',
  };
  const outputs: Record<string, string> = {};
  const failures: string[] = [];
  const slept: number[] = [];
  const tokens = new Set<string>();
  const left = [...polls];
  let now = 0;
  const approval = (state: string): HttpAnswer => ({
    status: 200,
    headers: {},
    body: JSON.stringify({ id: 'apr_1', state, url: 'https://zekt.example/p', decision: null }),
  });
  await approve({
    repository: 'acme/basket',
    eventName: 'push',
    actor: 'mona',
    event: { repository: { private: true } },
    getInput: (name) => inputs[name] ?? '',
    setOutput: (name, value) => (outputs[name] = value),
    saveState: () => undefined,
    setSecret: () => undefined,
    writeSummary: async () => undefined,
    info: () => undefined,
    warning: () => undefined,
    setFailed: (message) => failures.push(message),
    tokenSource: { requestUrl: 'https://token.example/?a=1', requestToken: 'job' },
    send: async ({ method, url, headers }) => {
      if (url.startsWith('https://token.example'))
        return { status: 200, headers: {}, body: JSON.stringify({ value: `token-${tokens.size}-${now}` }) };
      tokens.add(headers.authorization ?? '');
      if (method === 'POST') return approval('pending');
      const status = left.shift();
      return status === undefined
        ? approval('approved')
        : status === 200
          ? approval('pending')
          : { status, headers: {}, body: '{}' };
    },
    patience: {
      now: () => now,
      sleep: async (ms) => {
        slept.push(ms);
        now += ms;
      },
      random: () => 0.5,
    },
    newKey: () => 'key',
  });
  return { outputs, failures, slept, tokens };
}

test('waits longer from poll to poll, up to half a minute, with a fresh token each time', async () => {
  const { outputs, failures, slept, tokens } = await play(Array<number>(8).fill(200));
  expect([outputs.state, failures]).toEqual(['approved', []]);
  expect(slept.slice(0, 3)).toEqual([5000, 7500, 11_250]);
  expect(slept.at(-1)).toBe(30_000);
  expect(tokens.size).toBe(10);
});

test('four polls that fail in a row are forgiven, the fifth is not', async () => {
  expect(await play([404, 404, 404, 404])).toMatchObject({ outputs: { state: 'approved' }, failures: [] });
  const { outputs, failures } = await play([404, 404, 404, 404, 404]);
  expect(outputs.state).toBe('failed');
  expect(failures[0]).toContain('The Zekt server refused the poll (HTTP 404)');
});

test('a poll that works again starts the count anew', async () => {
  expect(await play([404, 404, 404, 200, 404, 404, 404])).toMatchObject({ outputs: { state: 'approved' } });
});

test('each retry against a server that can not be reached is said, and the summary has the reason', async () => {
  const inputs: Record<string, string> = {
    title: 'basket',
    approvers: 'github:mona',
    'zekt-api-url': 'https://zekt.example',
  };
  const said: string[] = [];
  const summaries: string[] = [];
  const failures: string[] = [];
  let now = 0;
  await approve({
    repository: 'acme/basket',
    eventName: 'push',
    actor: 'mona',
    event: {},
    getInput: (name) => inputs[name] ?? '',
    setOutput: () => undefined,
    saveState: () => undefined,
    setSecret: () => undefined,
    writeSummary: async (markdown) => void summaries.push(markdown),
    info: (message) => said.push(message),
    warning: () => undefined,
    setFailed: (message) => failures.push(message),
    tokenSource: { requestUrl: 'https://token.example/?a=1', requestToken: 'job' },
    send: async ({ url }) => {
      if (url.startsWith('https://token.example')) return { status: 200, headers: {}, body: '{"value":"token"}' };
      throw new Error('connect ECONNREFUSED');
    },
    patience: { now: () => now, sleep: async (ms) => void (now += ms), random: () => 0.5 },
    newKey: () => 'key',
  });
  expect(said[0]).toBe(
    'The Zekt server at https://zekt.example: There was no answer (connect ECONNREFUSED); trying again in 0.5 s (try 2 of at most 8).',
  );
  expect(said).toHaveLength(7);
  expect(failures[0]).toContain('could not be reached');
  expect(summaries[0]).toContain('### Zekt: nobody was asked');
  expect(summaries[0]).toContain('could not be reached');
  expect(summaries[0]).toContain('| Approvers | github:mona |');
});
