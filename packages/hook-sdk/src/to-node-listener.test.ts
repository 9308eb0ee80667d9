import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createHookHandler } from './create-hook-handler.ts';
import { sendTestCall } from './send-test-call.ts';
import { toNodeListener } from './to-node-listener.ts';

let server: Server;
const url = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`;
beforeAll(async () => {
  const handler = createHookHandler({ keys: ['key'], mostBytes: 100_000, onFunction: ({ n }) => ({ n }) });
  server = createServer(toNodeListener(handler)).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

test('a call over HTTP comes to its hook, and its answer back', async () => {
  const response = await sendTestCall({ to: url(), key: 'key', body: { function: 'f', n: 'é' } });
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ n: 'é' });
});

test('an unsigned call and a body that is too large are answered, and the server goes on', async () => {
  expect((await fetch(url())).status).toBe(405);
  expect((await fetch(url(), { method: 'POST', body: '{}' })).status).toBe(401);
  expect((await sendTestCall({ to: url(), key: 'key', body: { function: 'x'.repeat(200_000) } })).status).toBe(413);
  expect((await sendTestCall({ to: url(), key: 'key', body: { function: 'f' } })).status).toBe(200);
});

test.each(['//', 'http://[', '/a b'])('a request for %s harms nobody', async (path) => {
  const { port } = server.address() as AddressInfo;
  const sent = request({ port, host: '127.0.0.1', method: 'POST', path: encodeURI(path) }).end();
  const [response] = (await once(sent, 'response')) as [{ statusCode: number; resume: () => void }];
  response.resume();
  expect([400, 401]).toContain(response.statusCode);
});
