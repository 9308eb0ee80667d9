import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { GitHubSimulator } from '@zekt/simulator';
import { createClient, type Client } from '../client.ts';
import { serviceResource, subscriptionResource, until, workflow } from './fixture.ts';
import { canMount, serveOnFullDisk, startOnSmallDisk, type SmallDisk } from './small-disk.ts';

const mountPoint = mkdtempSync(join(tmpdir(), 'zekt-small-'));
/** Where nobody may mount, the engine's own tests still show what SQLite's refusals become. */
const onSmallDisk = canMount(mountPoint) ? test : test.skip;
const secret = randomBytes(8).toString('hex');

let github: GitHubSimulator;
let env: Record<string, string>;
let disk: SmallDisk | null = null;

beforeAll(async () => {
  github = await GitHubSimulator.start();
  env = {
    ZEKT_PORT: '0',
    ZEKT_ACCEPTORS: '0',
    ZEKT_DATA_DIR: join(mountPoint, 'data'),
    ZEKT_OIDC_ISSUERS: github.issuer.url,
    ZEKT_GITHUB_API_URL: github.url,
    ZEKT_GITHUB_APP_ID: github.appId,
    ZEKT_GITHUB_APP_PRIVATE_KEY: Buffer.from(github.privateKey).toString('base64'),
    ZEKT_GITHUB_WEBHOOK_SECRET: secret,
    ZEKT_ADMIN_TOKEN: randomBytes(16).toString('hex'),
    ZEKT_RECONCILE_EVERY: '0ms',
  };
});
afterAll(async () => {
  await disk?.server.kill('SIGKILL');
  await github.stop();
  rmSync(mountPoint, { recursive: true });
});

onSmallDisk(
  'a full disk is 503 with a sentence on what writes; what was accepted is delivered, and it goes on by itself',
  async () => {
    disk = await startOnSmallDisk(mountPoint, 8_388_608, env);
    const { url } = disk.server;
    github.sendWebhooksTo({ url: `${url}/api/github/webhooks`, secret });
    const requests = github.repository('acme/requests');
    github.install([requests]);
    github.install([github.repository('contoso/platform')]);
    const client: Client = createClient({ ZEKT_URL: url, ZEKT_ADMIN_TOKEN: env.ZEKT_ADMIN_TOKEN });
    const resources = [serviceResource, subscriptionResource('platform-orders', 'contoso/platform')];
    await client('applyResources', { body: { resources } });
    const run = github.startRun(requests, { workflow });
    const token = await github.issuer.mint(run, url);
    const post = async (path: string, authorization: string, body: object, method = 'POST') => {
      const text = JSON.stringify(body);
      const response = await fetch(`${url}${path}`, {
        method,
        body: text,
        headers: {
          authorization: `Bearer ${authorization}`,
          'content-type': 'application/json',
          'x-github-event': 'repository',
          'x-github-delivery': randomUUID(),
          'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(text).digest('hex')}`,
        },
      });
      const { code, error } = (await response.json()) as { readonly code?: string; readonly error?: string };
      return { path, status: response.status, code, error, retryAfter: response.headers.get('retry-after') };
    };
    const send = (payload: number) =>
      post('/api/events/receive', token, {
        eventType: 'ordered',
        repository: 'acme/requests',
        workflowRunId: String(run.id),
        payload,
      });
    expect(await send(1)).toMatchObject({ status: 200 });

    disk.fill();
    const admin = env.ZEKT_ADMIN_TOKEN ?? '';
    const renamed = {
      action: 'renamed',
      repository: { id: 4711, full_name: 'acme/other', owner: { id: 1, login: 'acme' } },
    };
    for (const refused of [
      await send(2),
      await post('/api/github/webhooks', '', renamed),
      await post('/api/apply', admin, { resources: [subscriptionResource('another', 'contoso/platform')] }),
      await post('/api/secrets/name', admin, { value: 'value' }, 'PUT'),
    ]) {
      expect(refused).toEqual({
        path: refused.path,
        status: 503,
        code: 'unavailable',
        error: 'The disk of the Zekt server is full: its operator has to make room. Try again later.',
        retryAfter: '30',
      });
    }
    // What it found within the last second is what it says.
    await until(async () => (await fetch(`${url}/api/ready`)).status === 503, 'no longer ready');
    const ready = await fetch(`${url}/api/ready`);
    expect([ready.status, await ready.json()]).toEqual([
      503,
      {
        ready: false,
        checks: { store: 'failing', bus: 'ok' },
        problem: 'The disk of the Zekt server is full: its operator has to make room. Try again later.',
      },
    ]);
    expect((await fetch(`${url}/api/health`)).status).toBe(200);
    expect(disk.server.stderr()).toContain('the store can not be written');

    disk.makeRoom();
    await until(async () => (await fetch(`${url}/api/ready`)).status === 200, 'ready again');
    expect(await send(2)).toMatchObject({ status: 200 });
    github.completeRun(run);
    await until(() => github.dispatchesTo('contoso/platform').length === 2, 'both are delivered');
    expect(github.dispatchesTo('contoso/platform').map(({ clientPayload }) => clientPayload.payload)).toEqual([1, 2]);
    expect(disk.server.stderr()).toContain('the store can be written again');
  },
);

onSmallDisk('a start on a full disk says that it is full', () => {
  const { code, stderr } = serveOnFullDisk(mountPoint, 4096, env);
  expect(code).toBe(1);
  expect(stderr).toContain(
    `The disk of the data directory '${mountPoint}/data' is full. Make room, or set ZEKT_DATA_DIR`,
  );
});
