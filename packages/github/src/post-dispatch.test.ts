import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Octokit } from '@octokit/core';
import { trustedPost } from '@zekt/egress';
import { postDispatchWith, type PostDispatch } from './post-dispatch.ts';

interface Received {
  readonly line: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

let server: Server;
let octokit: Octokit;
let post: PostDispatch;
let received: Received[];
let answer: { status: number; headers?: Record<string, string>; body?: string };

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({
        line: `${request.method ?? ''} ${request.url ?? ''}`,
        headers: Object.fromEntries(
          request.rawHeaders.flatMap((name, n) => (n % 2 === 0 ? [[name, request.rawHeaders[n + 1] ?? '']] : [])),
        ),
        body: Buffer.concat(chunks).toString('utf8'),
      });
      response.writeHead(answer.status, answer.headers).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v3`;
  octokit = new Octokit({ baseUrl, userAgent: 'zekt/test' });
  post = postDispatchWith(octokit, trustedPost());
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  received = [];
  answer = { status: 204 };
});

const content = { eventType: 'built', clientPayload: { text: 'grün', list: [1, null], nested: { empty: {} } } };

test('the request is the one that octokit sends, but for what fetch adds about itself', async () => {
  await octokit.request('POST /repos/{owner}/{repo}/dispatches', {
    owner: 'contoso',
    repo: 'platform.one',
    event_type: content.eventType,
    client_payload: content.clientPayload,
    headers: { authorization: 'token ghs_example', 'x-github-api-version': '2022-11-28' },
    request: { redirect: 'manual' },
  });
  await post(content, 'contoso/platform.one', 'ghs_example');
  const [byOctokit, byUs] = received;
  expect(byUs?.line).toBe(byOctokit?.line);
  expect(byUs?.body).toBe(byOctokit?.body);
  const { 'accept-language': _l, 'accept-encoding': _e, 'sec-fetch-mode': _m, ...wanted } = byOctokit?.headers ?? {};
  expect(Object.entries(byUs?.headers ?? {}).sort()).toEqual(
    Object.entries({ ...wanted, connection: 'keep-alive' }).sort(),
  );
});

test('the request, in full', async () => {
  await post(content, 'contoso/platform.one', 'ghs_example');
  expect(received).toEqual([
    {
      line: 'POST /api/v3/repos/contoso/platform.one/dispatches',
      headers: {
        accept: 'application/vnd.github.v3+json',
        authorization: 'token ghs_example',
        connection: 'keep-alive',
        'content-length': '94',
        'content-type': 'application/json; charset=utf-8',
        host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
        'user-agent': expect.stringMatching(/^zekt\/test octokit-core\.js\/\S+ Node\.js\/\d+$/),
        'x-github-api-version': '2022-11-28',
      },
      body: '{"event_type":"built","client_payload":{"text":"grün","list":[1,null],"nested":{"empty":{}}}}',
    },
  ]);
});

test('a name can not lead to another path', async () => {
  await post(content, 'contoso/a?b#c', 't');
  expect(received[0]?.line).toBe('POST /api/v3/repos/contoso/a%3Fb%23c/dispatches');
});

test.each([
  [{ status: 204 }, ''],
  [{ status: 422, body: '{"message":"client_payload is too large."}' }, 'client_payload is too large.'],
  [{ status: 301, headers: { location: '/elsewhere' }, body: '{"message":"Moved Permanently"}' }, 'Moved Permanently'],
  [{ status: 502, body: '<html>Bad gateway</html>' }, ''],
  [{ status: 500, body: '{"message":' }, ''],
  [{ status: 500, body: '{"message":{"of":"another kind"}}' }, ''],
])('an answer is its status and the message in it: %j', async (given, message) => {
  answer = given;
  expect(await post(content, 'contoso/platform', 't')).toMatchObject({ status: given.status, message });
  expect(received).toHaveLength(1);
});
