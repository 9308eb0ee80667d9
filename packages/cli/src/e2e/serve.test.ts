import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { GitHubSimulator } from '@zekt/simulator';
import { createClient } from '../client.ts';
import { serviceResource, subscriptionResource, until, workflow } from './fixture.ts';
import { bin, runZektProcess, startServer, type Server } from './run-zekt.ts';

let github: GitHubSimulator;
let env: Record<string, string>;
let server: Server | null;

beforeEach(async () => {
  github = await GitHubSimulator.start();
  env = {
    ZEKT_PORT: '0',
    ZEKT_DATA_DIR: join(await mkdtemp(join(tmpdir(), 'zekt-serve-')), 'data'),
    ZEKT_OIDC_ISSUERS: github.issuer.url,
    // Each start listens elsewhere.
    ZEKT_OIDC_AUDIENCE: 'api://zekt',
    ZEKT_GITHUB_API_URL: github.url,
    ZEKT_GITHUB_APP_ID: github.appId,
    ZEKT_GITHUB_APP_PRIVATE_KEY: Buffer.from(github.privateKey).toString('base64'),
    ZEKT_GITHUB_WEBHOOK_SECRET: randomBytes(8).toString('hex'),
    ZEKT_ADMIN_TOKEN: randomBytes(16).toString('hex'),
    ZEKT_RECONCILE_EVERY: '0ms',
    ZEKT_DOCTOR_EVERY: '0ms',
  };
  server = null;
});
afterEach(async () => {
  await server?.kill('SIGKILL');
  await github.stop();
  await rm(env.ZEKT_DATA_DIR ?? '', { recursive: true, force: true });
});

async function start(): Promise<Server> {
  server = await startServer(env);
  github.sendWebhooksTo({ url: `${server.url}/api/github/webhooks`, secret: env.ZEKT_GITHUB_WEBHOOK_SECRET ?? '' });
  return server;
}

test('all that is wrong with the settings is told at once, without a secret', async () => {
  const finished = await runZektProcess(['serve'], {
    ZEKT_PORT: 'many',
    ZEKT_GITHUB_API_URL: 'http://api.example.com',
    ZEKT_GITHUB_APP_PRIVATE_KEY: 'canary-not-a-key',
    ZEKT_RETRY_SCHEDULE: '1s,soon',
    ZEKT_COMPLETION_WAIT: 'tomorrow',
    ZEKT_LOG_LEVEL: 'loud',
    ZEKT_ADMIN_TOKEN: 'canary-short',
  });
  expect(finished.code).toBe(2);
  for (const name of [
    'ZEKT_PORT',
    'ZEKT_GITHUB_API_URL',
    'ZEKT_GITHUB_APP_ID',
    'ZEKT_GITHUB_APP_PRIVATE_KEY',
    'ZEKT_GITHUB_WEBHOOK_SECRET',
    'ZEKT_RETRY_SCHEDULE',
    'ZEKT_COMPLETION_WAIT',
    'ZEKT_LOG_LEVEL',
    'ZEKT_ADMIN_TOKEN',
  ]) {
    expect(finished.stderr).toContain(`- ${name}`);
  }
  expect(finished.stderr).not.toContain('canary');
});

test('a data directory that is in use is refused, with what to do', async () => {
  await start();
  const second = await runZektProcess(['serve'], env);
  expect(second).toMatchObject({ code: 1, stderr: expect.stringMatching(/in use by another process.*ZEKT_DATA_DIR/) });
});

test('SIGTERM ends it in order: exit code 0, the data free for the next', async () => {
  const first = await start();
  expect(await first.kill('SIGTERM')).toBe(0);
  const second = await start();
  expect((await fetch(`${second.url}/api/ready`)).status).toBe(200);
});

test('what was answered survives kill -9, and is delivered after the restart', async () => {
  const requests = github.repository('acme/requests');
  github.install([requests]);
  github.install([github.repository('contoso/platform')]);
  let { url } = await start();
  const client = () => createClient({ ZEKT_URL: url, ZEKT_ADMIN_TOKEN: env.ZEKT_ADMIN_TOKEN });
  await client()('applyResources', {
    body: { resources: [serviceResource, subscriptionResource('platform-orders', 'contoso/platform')] },
  });
  const run = github.startRun(requests, { workflow });
  const token = await github.issuer.mint(run, 'api://zekt');
  const send = () =>
    fetch(`${url}/api/events/receive`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        eventType: 'ordered',
        repository: 'acme/requests',
        workflowRunId: String(run.id),
        payload: 1,
      }),
    }).then((response) => response.json());
  // GitHub is down, so that nothing can be finished before the end.
  github.faults.add({ path: '/access_tokens', times: 1000, fault: { kind: 'answer', status: 503 } });
  const answer = await send();
  github.completeRun(run);
  await github.webhooks.settled();
  await server?.kill('SIGKILL');

  github.faults.clear();
  ({ url } = await start());
  expect(await send()).toEqual(answer);
  await until(() => github.dispatchesTo('contoso/platform').length > 0, 'delivered');
  await until(async () => (await client()('listDeliveries')).items[0]?.state === 'dispatched', 'recorded');
  expect(github.dispatchesTo('contoso/platform')).toHaveLength(1);
}, 60_000);

test('flags win over the environment', async () => {
  const finished = await runZektProcess(['serve', '--port', '70000'], env);
  expect(finished).toMatchObject({ code: 2, stderr: expect.stringContaining("got '70000'") });
});

test('zekt dev --once plays the story and ends well', async () => {
  const finished = await runZektProcess(['dev', '--once']);
  expect(finished).toMatchObject({ code: 0, stderr: '' });
  expect(finished.stdout).toContain(
    'Done: one message, one run, two deliveries; two questions, two decisions, two alerts.',
  );
});

test('zekt dev that is interrupted in the middle of its story leaves nothing behind', async () => {
  const temporary = await mkdtemp(join(tmpdir(), 'zekt-interrupted-'));
  const child = spawn(process.execPath, [bin, 'dev', '--port', '0'], {
    env: { PATH: process.env.PATH ?? '', TMPDIR: temporary },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    if (chunk.includes('1. ')) child.kill('SIGINT');
  });
  const [code] = (await once(child, 'close')) as [number | null];
  expect([code, stderr]).toEqual([1, 'zekt: stopped before the end of the story\n']);
  expect((await readdir(temporary)).filter((name) => name.startsWith('zekt-dev-'))).toEqual([]);
  await rm(temporary, { recursive: true });
});
