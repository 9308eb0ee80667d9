import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Server as ProxyServer } from 'proxy-chain';
import { trustedPost } from './trusted-post.ts';

interface Seen {
  readonly path: string;
  readonly body: string;
  readonly headers: IncomingMessage['headers'];
}

let server: Server;
let url: string;
let seen: Seen[];
let sockets: Set<Socket>;
let answer: (request: IncomingMessage, response: ServerResponse) => void;

beforeAll(async () => {
  server = createServer((request, response) => {
    sockets.add(request.socket);
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      seen.push({ path: request.url ?? '', body, headers: request.headers });
      answer(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const environment = { ...process.env };
beforeEach(() => {
  seen = [];
  sockets = new Set();
  answer = (_, response) => response.writeHead(201, { 'x-said': 'yes' }).end('taken');
});
afterEach(() => {
  process.env = { ...environment };
});

test('what is given is what is sent, and what is answered is told', async () => {
  expect(await trustedPost()(`${url}/a?b=c`, '{"ü":1}', { 'content-type': 'text/plain', a: 'b' })).toMatchObject({
    status: 201,
    headers: { 'x-said': 'yes' },
    text: 'taken',
  });
  expect(seen).toMatchObject([{ path: '/a?b=c', body: '{"ü":1}', headers: { 'content-type': 'text/plain', a: 'b' } }]);
});

test('connections are used again', async () => {
  const post = trustedPost();
  for (let n = 0; n < 20; n += 1) await post(url, '{}', {});
  expect(seen).toHaveLength(20);
  // The next request may come before the first connection has noticed that its answer is complete.
  expect(sockets.size).toBeLessThanOrEqual(2);
});

test.each([301, 302, 303, 307, 308])('a redirect is an answer, not followed: %i', async (status) => {
  answer = (_, response) => response.writeHead(status, { location: `${url}/elsewhere` }).end();
  expect(await trustedPost()(`${url}/here`, '{}', {})).toMatchObject({ status });
  expect(seen.map(({ path }) => path)).toEqual(['/here']);
});

test('a body without end is cut', async () => {
  answer = (_, response) => {
    response.on('error', () => undefined);
    const write = (): void => {
      if (!response.destroyed && response.write('x'.repeat(10_000))) setImmediate(write);
    };
    response.on('drain', write);
    write();
  };
  expect((await trustedPost()(url, '{}', {})).text).toHaveLength(65_536);
});

test('a server that says nothing is given up in time', async () => {
  answer = () => undefined;
  await expect(trustedPost({ timeoutMs: 100 })(url, '{}', {})).rejects.toThrow('timed out: no answer within 0.1 s');
});

test.each([
  ['breaks off', (response: ServerResponse) => response.write('.', () => response.destroy()), 'brokenOff'],
  ['never ends', (response: ServerResponse) => response.write('.'), 'tooSlow'],
])('an answer whose body %s is an answer: what was posted is not posted again', async (_, say, cut) => {
  answer = (__, response) => void say(response.writeHead(200));
  expect(await trustedPost({ timeoutMs: 300 })(url, '{}', {})).toMatchObject({ status: 200, text: '.', cut });
  expect(seen).toHaveLength(1);
});

test('a server that is not there is no answer', async () => {
  await expect(trustedPost()('http://127.0.0.1:1/', '{}', {})).rejects.toThrow('ECONNREFUSED');
});

test('proxies of the environment are used where Node uses them, and only there', async () => {
  let asked = 0;
  const proxy = new ProxyServer({
    port: 0,
    host: '127.0.0.1',
    prepareRequestFunction: () => {
      asked += 1;
      return {};
    },
  });
  await proxy.listen();
  process.env.http_proxy = `http://127.0.0.1:${proxy.port}`;
  await trustedPost()(url, '{}', {});
  expect(asked).toBe(0);
  process.env.NODE_USE_ENV_PROXY = '1';
  await trustedPost()(url, '{}', {});
  expect(asked).toBe(1);
  process.env.no_proxy = '127.0.0.1';
  await trustedPost()(url, '{}', {});
  expect([asked, seen.length]).toEqual([1, 3]);
  await proxy.close(true);
});
