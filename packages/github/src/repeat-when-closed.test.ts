import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { fetchWithLimit } from '@zekt/egress';
import { repeatWhenClosed } from './repeat-when-closed.ts';

let server: Server;
let url: string;
const asked: string[] = [];
/** Connections that end with no answer. */
let closing = 0;

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    if (closing-- > 0) request.socket.destroy();
    else response.end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  asked.length = 0;
});

const ask = repeatWhenClosed(fetchWithLimit(30_000));

test.each([
  ['GET', '/repos/acme/requests'],
  ['POST', '/app/installations/1/access_tokens'],
])('%s %s is asked once more when the connection was closed before an answer', async (method, path) => {
  closing = 1;
  expect((await ask(url + path, { method })).status).toBe(200);
  expect(asked).toEqual([`${method} ${path}`, `${method} ${path}`]);
});

test('and not a third time', async () => {
  closing = 2;
  await expect(ask(`${url}/rate_limit`)).rejects.toThrow();
  expect(asked).toHaveLength(2);
});

test('what does something is asked once', async () => {
  closing = 1;
  await expect(ask(`${url}/repos/acme/requests/dispatches`, { method: 'POST' })).rejects.toThrow();
  expect(asked).toHaveLength(1);
});
