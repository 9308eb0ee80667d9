import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readExceptions } from './address-guard.ts';
import { guardedPost } from './guarded-post.ts';

let server: Server;
let port: number;
const seen: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    seen.push(`${request.method ?? ''} ${request.url ?? ''}`);
    if (request.url?.startsWith('/slow')) return;
    if (request.url === '/redirect') {
      response.writeHead(302, { location: '/elsewhere' }).end();
      return;
    }
    if (request.url === '/long') {
      response.end('x'.repeat(1_000_000));
      return;
    }
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => response.writeHead(202, { 'x-echo': 'yes' }).end(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const open = guardedPost({ exceptions: readExceptions(['127.0.0.1']), timeoutMs: 1000 });
const guarded = guardedPost({ exceptions: readExceptions([]), timeoutMs: 1000 });

test('posts, and gives status, headers and the beginning of the body', async () => {
  const answer = await open(`http://127.0.0.1:${port}/hook`, '{"a":1}', { 'content-type': 'application/json' });
  expect(answer).toMatchObject({ status: 202, text: '{"a":1}' });
  expect(answer.headers['x-echo']).toBe('yes');
  expect((await open(`http://127.0.0.1:${port}/long`, '', {})).text.length).toBe(65_536);
});

test('follows no redirect', async () => {
  const answer = await open(`http://127.0.0.1:${port}/redirect`, '', {});
  expect(answer.status).toBe(302);
  expect(seen).not.toContain('POST /elsewhere');
});

test.each([
  'http://127.0.0.1:PORT/',
  'http://localhost:PORT/',
  'http://[::1]:PORT/',
  'http://[::ffff:127.0.0.1]:PORT/',
  'http://2130706433:PORT/',
  'http://0177.0.0.1:PORT/',
  'http://0x7f.1:PORT/',
  'http://0:PORT/',
])('%s is never dialled', async (url) => {
  const before = seen.length;
  await expect(guarded(url.replace('PORT', String(port)), 'x', {})).rejects.toThrow(/private or reserved address/);
  expect(seen.length).toBe(before);
});

test('a host name can be an exception', async () => {
  const byName = guardedPost({ exceptions: readExceptions(['localhost']), timeoutMs: 1000 });
  await expect(byName(`http://localhost:${port}/hook`, 'x', {})).resolves.toMatchObject({ status: 202 });
});

test('gives up in time, and no error holds the address', async () => {
  await expect(open(`http://127.0.0.1:${port}/slow?sig=canary`, 'x', {})).rejects.toThrow('no answer within 1 s');
  const error = await open('http://127.0.0.1:1/?sig=canary', 'x', {}).catch((it: unknown) => it);
  expect(String(error)).not.toContain('canary');
  expect(String(error)).toContain('the request failed');
});
