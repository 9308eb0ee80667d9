import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { verify } from '@octokit/webhooks-methods';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { makeAppKey } from './app-key.ts';
import { GitHubSimulator } from './github-simulator.ts';
import { parseOutputs } from './runner.ts';
import { makeSigningKey } from './signing-key-pair.ts';

let github: GitHubSimulator;
let receiver: Server;
let got: { headers: Record<string, unknown>; body: string }[];

beforeEach(async () => {
  github = await GitHubSimulator.start({ random: () => 0.5 });
  got = [];
  receiver = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      got.push({ headers: request.headers, body });
      response.end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  github.sendWebhooksTo({ url: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`, secret: 'the secret' });
});
afterEach(async () => {
  await github.stop();
  receiver.close();
});

describe('webhooks', () => {
  test("are signed as GitHub's own library verifies", async () => {
    github.startRun(github.repository('acme/requests'));
    await github.webhooks.settled();
    expect(got).toHaveLength(2);
    for (const { headers, body } of got) {
      expect(headers).toMatchObject({
        'x-github-event': 'workflow_run',
        'x-github-hook-installation-target-id': github.appId,
      });
      expect(await verify('the secret', body, String(headers['x-hub-signature-256']))).toBe(true);
    }
  });

  test('a re-run sends no requested', async () => {
    const run = github.startRun(github.repository('acme/requests'));
    github.completeRun(run);
    await github.webhooks.settled();
    got.length = 0;
    github.rerun(run);
    await github.webhooks.settled();
    expect(
      got.map(({ body }) => (JSON.parse(body) as { action: string; workflow_run: { run_attempt: number } }).action),
    ).toEqual(['in_progress']);
  });

  test('in bad weather they are lost, doubled under one GUID, and reordered', async () => {
    github.webhooks.weather = { lose: 1 };
    github.webhooks.send('ping', { n: 1 });
    github.webhooks.weather = { duplicate: 1 };
    github.webhooks.send('ping', { n: 2 });
    await github.webhooks.settled();
    expect(got).toHaveLength(2);
    expect(new Set(got.map(({ headers }) => headers['x-github-delivery'])).size).toBe(1);
    expect(github.webhooks.deliveries.map(({ status }) => status)).toEqual(['timed out', 'OK', 'OK']);
    got.length = 0;
    github.webhooks.weather = { reorder: 1 };
    github.webhooks.send('ping', { n: 3 });
    github.webhooks.weather = {};
    github.webhooks.send('ping', { n: 4 });
    await github.webhooks.settled();
    expect(got.map(({ body }) => (JSON.parse(body) as { n: number }).n)).toEqual([4, 3]);
  });
});

describe('a runner', () => {
  test('reads outputs in both forms, and refuses what GitHub refuses', () => {
    expect(parseOutputs('a=1\nb<<EOF\nline 1\nline=2\nEOF\nc=x=y\n')).toEqual({
      a: '1',
      b: 'line 1\nline=2',
      c: 'x=y',
    });
    expect(() => parseOutputs('b<<EOF\nnever ends')).toThrow(/does not end/);
  });
});

test('keys that it is given are the ones it uses, and a rotation makes others', async () => {
  const issuerKey = await makeSigningKey();
  const privateKey = makeAppKey();
  const first = await GitHubSimulator.start({ issuerKey, privateKey });
  const second = await GitHubSimulator.start({ issuerKey, privateKey });
  expect(second.privateKey).toBe(first.privateKey);
  expect(second.issuer.jwks()).toEqual(first.issuer.jwks());
  await second.issuer.rotate({ forget: true });
  expect(second.issuer.jwks()).not.toEqual(first.issuer.jwks());
  expect(github.issuer.jwks()).not.toEqual(first.issuer.jwks());
  await first.stop();
  await second.stop();
});
