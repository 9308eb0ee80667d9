import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createClient } from './client.ts';
import { localToken } from './local-token.ts';
import { noteServerUrls } from './serve/server-urls.ts';
import { UsageError } from './usage-error.ts';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'zekt-token-'));
  await writeFile(join(dataDir, 'admin-token'), 'zekt_secret\n');
});
afterEach(() => rm(dataDir, { recursive: true }));

const tokenFor = (url: string): string => localToken({ ZEKT_DATA_DIR: dataDir }, url, false);

describe('the token in the data directory', () => {
  test('goes to the server that keeps it there, by each of its names', () => {
    noteServerUrls(dataDir, ['http://127.0.0.1:7171', 'https://zekt.example']);
    for (const url of ['http://127.0.0.1:7171', 'http://localhost:7171/', 'http://[::1]:7171', 'https://zekt.example/'])
      expect([url, tokenFor(url)]).toEqual([url, 'zekt_secret']);
  });

  test('goes to no other server, whatever ZEKT_URL names', () => {
    noteServerUrls(dataDir, ['http://127.0.0.1:7171', 'https://zekt.example']);
    for (const url of [
      'http://127.0.0.1:7172',
      'https://evil.example',
      'https://zekt.example.evil.example',
      'http://zekt.example',
      'https://zekt.example:8443',
      'https://user@evil.example',
      'not a url',
    ])
      expect([url, tokenFor(url)]).toEqual([url, '']);
  });

  test('goes to the default address only, where no server has noted any', () => {
    expect(tokenFor('http://127.0.0.1:7070')).toBe('');
    expect(localToken({ ZEKT_DATA_DIR: dataDir }, 'http://127.0.0.1:7070', true)).toBe('zekt_secret');
  });
});

describe.each([
  ['the admin token', { ZEKT_ADMIN_TOKEN: 'zekt_secret' }],
  ["a job's own token", { ACTIONS_ID_TOKEN_REQUEST_URL: 'https://tokens.example/?v=1' }],
])('%s', (_, token) => {
  const env = (url: string) => ({ ...token, ZEKT_DATA_DIR: '/nowhere', ZEKT_URL: url });

  test.each([
    'http://zekt.example',
    'http://192.0.2.1:7070',
    'http://127.0.0.1.evil.example',
    'http://localhost.evil.example',
  ])('does not go to %s in clear text', (url) => {
    expect(() => createClient(env(url))).toThrow(UsageError);
    expect(() => createClient(env(url), { isInsecureAllowed: true })).not.toThrow();
  });

  test.each(['https://zekt.example', 'http://127.0.0.1:7070', 'http://localhost:1', 'http://[::1]:7070'])(
    'goes to %s',
    (url) => {
      expect(() => createClient(env(url))).not.toThrow();
    },
  );
});
