import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { operations, type Operation } from '@zekt/contracts';
import { mapStrings } from '@zekt/core';
import fc from 'fast-check';
import { valuesOf } from '../fuzz/json-values.ts';
import { runZekt } from './run-zekt.ts';

// A server whose every word is hostile; what its answers are like is said by the contracts.

const hostile = 'Q\u001b[2J\u009b1A\u202e\nW\u0007\u200b\u2066\u3164\ufeff\u{e0041}';
const unprinted = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]|\p{Cf}|\p{Default_Ignorable_Code_Point}/u;
let said = hostile;
let server: Server;
let url: string;

const hostileAnswer = (contract: string): unknown => {
  const [value] = fc.sample(valuesOf(contract).filter(hasItems), { numRuns: 1, seed: 7 });
  return withoutNext(mapValues(value));
};
const hasItems = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && (!('items' in value) || (value.items as unknown[]).length > 0);
const mapValues = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(mapValues);
  if (typeof value !== 'object' || value === null) return typeof value === 'string' ? said : value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, mapValues(inner)]));
};
const withoutNext = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'next' in value ? { ...value, next: null } : value;

beforeAll(async () => {
  const patterns = Object.values<Operation>(operations).map((operation) => ({
    operation,
    pattern: new RegExp(`^${operation.path.replace(/\{\w+\}/g, '[^/]+')}$`),
  }));
  server = createServer((request, response) => {
    const path = new URL(request.url ?? '', 'http://x').pathname;
    const found = patterns.find(({ operation, pattern }) => operation.method === request.method && pattern.test(path));
    const refuses = path.includes('refuse');
    const answer = found?.operation.answer;
    const body =
      refuses || !answer || !('schema' in answer)
        ? { error: said, code: 'x', value: 'token' }
        : hostileAnswer(answer.schema);
    response.writeHead(refuses ? 403 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const commands = [
  'services',
  'subscriptions',
  'runs',
  'runs 1:2:3',
  'deliveries',
  'deliveries delivery-1',
  'dead-letter list',
  'diagnose a',
  'tail --no-follow',
  'approvals list',
  'approvals show apr_1',
  'approvals cancel apr_1',
  'providers list',
  'alerts list',
  'notifications list',
  'notifications show n-1',
  'secrets',
  'doctor',
  'replay delivery-1',
  'approvals show refuse',
];

test.each(commands)('zekt %s shows what tenants wrote, and no terminal obeys it', async (command) => {
  const { stdout, stderr } = await runZekt(command.split(' '), { ZEKT_URL: url, ZEKT_ADMIN_TOKEN: 'x' });
  expect(stdout + stderr).toContain(
    'Q\\u001b[2J\\u009b1A\\u202e\\u000aW\\u0007\\u200b\\u2066\\u3164\\ufeff\\udb40\\udc41',
  );
  expect(stdout + stderr).not.toMatch(unprinted);
});

test.each(commands.slice(0, -1))(
  'zekt %s --json means what the server sent, and no terminal obeys it',
  async (command) => {
    const { stdout } = await runZekt([...command.split(' '), '--json'], { ZEKT_URL: url, ZEKT_ADMIN_TOKEN: 'x' });
    expect(stdout).not.toMatch(unprinted);
    const seen: string[] = [];
    // A stream has a value on each line.
    const values = command.startsWith('tail') ? stdout.trim().split('\n') : [stdout];
    for (const value of values) mapStrings(JSON.parse(value), (text) => (seen.push(text), text));
    expect(seen).toContain(hostile);
  },
);

test('a refusal is a sentence on one line, with --json, too', async () => {
  const { stderr } = await runZekt(['approvals', 'show', 'refuse', '--json'], { ZEKT_URL: url, ZEKT_ADMIN_TOKEN: 'x' });
  expect(stderr).toBe('zekt: Q\\u001b[2J\\u009b1A\\u202e\\u000aW\\u0007\\u200b\\u2066\\u3164\\ufeff\\udb40\\udc41\n');
});

describe('in a job', () => {
  beforeAll(() => {
    said = '::save-state name=a::b\n::add-path::c ##[set-env name=a]b';
  });
  afterAll(() => {
    said = hostile;
  });
  const env = () => ({
    ZEKT_URL: url,
    GITHUB_ACTIONS: 'true',
    ACTIONS_ID_TOKEN_REQUEST_URL: `${url}/token`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'x',
  });

  test.each([...commands, ...commands.map((it) => `${it} --json`), 'send --event-type built'])(
    'zekt %s prints no workflow command, whatever tenants wrote',
    async (command) => {
      const { stdout, stderr } = await runZekt(command.split(' '), env());
      expect(stdout + stderr).toContain('save-state name=a');
      expect(stdout + stderr).not.toMatch(/^\s*::|##\[/m);
    },
  );

  test('zekt send prints none of a server that refuses, either', async () => {
    const refusing = { ...env(), ZEKT_URL: `${url}/refuse` };
    const { stdout, stderr } = await runZekt(['send', '--event-type', 'built'], refusing);
    expect(stderr).toContain('save-state name=a');
    expect(stdout + stderr).not.toMatch(/^\s*::|##\[/m);
  });
});
