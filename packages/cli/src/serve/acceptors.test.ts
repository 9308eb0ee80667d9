import { createHmac, generateKeyPairSync, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { BodyBudget, type Answer } from '@zekt/api';
import { getRepository, repositoryRef, silentLog, systemClock, type DocumentStore } from '@zekt/core';
import { readSettings, type Environment } from '@zekt/host';
import { createForwarder } from './create-forwarder.ts';
import { startAcceptor } from './start-acceptor.ts';
import { startAcceptors } from './start-acceptors.ts';
import { startHttpServer } from './start-http-server.ts';
import { startZekt } from './start-zekt.ts';

const secret = 'threads-secret';
const bodies = new BodyBudget(systemClock).lend();
let directory: string;
let environment: Environment;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'zekt-threads-'));
  environment = {
    ZEKT_PORT: '0',
    ZEKT_ACCEPTORS: '2',
    ZEKT_DATA_DIR: join(directory, 'data'),
    ZEKT_GITHUB_APP_ID: '1',
    ZEKT_GITHUB_APP_PRIVATE_KEY: generateKeyPairSync('rsa', { modulusLength: 2048 })
      .privateKey.export({ type: 'pkcs8', format: 'pem' })
      .toString(),
    ZEKT_GITHUB_API_URL: 'http://127.0.0.1:9',
    ZEKT_GITHUB_WEBHOOK_SECRET: secret,
    ZEKT_RECONCILE_EVERY: '0ms',
    ZEKT_DOCTOR_EVERY: '0ms',
  };
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const start = (changes: Environment = {}) => startZekt(readSettings({ ...environment, ...changes }), silentLog);

/** Sends a webhook of a repository. */
async function send(url: string, id: number): Promise<string> {
  const body = JSON.stringify({
    action: 'edited',
    repository: { id, full_name: `acme/repository-${id}`, owner: { id: 1, login: 'acme' } },
  });
  const response = await fetch(`${url}/api/github/webhooks`, {
    method: 'POST',
    body,
    headers: {
      'x-github-event': 'repository',
      'x-github-delivery': randomUUID(),
      'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
    },
  });
  return ((await response.json()) as { outcome: string }).outcome;
}

test('a stop in the middle of the traffic loses nothing that was answered', async () => {
  const zekt = await start();
  const answered: number[] = [];
  let lastId = 100;
  let enough = (): void => undefined;
  const busy = new Promise<void>((resolve) => (enough = resolve));
  const sender = async (): Promise<void> => {
    for (;;) {
      const id = (lastId += 1);
      expect(await send(zekt.url, id)).toBe('queued');
      if (answered.push(id) === 200) enough();
    }
  };
  // Each goes on until there is nobody left to answer.
  const senders = Array.from({ length: 20 }, () => expect(sender()).rejects.toThrow('fetch failed'));
  await busy;
  await zekt.stop();
  await Promise.all(senders);
  let store: DocumentStore | undefined;
  const settings = readSettings({ ...environment, ZEKT_ACCEPTORS: '0' });
  const again = await startZekt(settings, silentLog, (ports) => {
    ({ store } = ports);
    return ports;
  });
  const isKnown = async (id: number): Promise<boolean> =>
    store !== undefined && (await getRepository(store, repositoryRef(settings.oidcIssuers[0], String(id)))) !== null;
  for (const id of answered) while (!(await isKnown(id))) await new Promise((resolve) => setImmediate(resolve));
  await again.stop();
});

test('a stop under load resets no connection, neither of the first half nor of what is handed on', async () => {
  const zekt = await start();
  const ends: unknown[] = [];
  let answers = 0;
  let enough = (): void => undefined;
  const busy = new Promise<void>((resolve) => (enough = resolve));
  const sender = async (ask: (n: number) => Promise<unknown>): Promise<void> => {
    try {
      for (;;) {
        await ask(answers);
        answers += 1;
        if (answers === 200) enough();
      }
    } catch (error) {
      ends.push((error as { cause?: { code?: string } }).cause?.code);
    }
  };
  const senders = Array.from({ length: 10 }, (_, n) => [
    sender((id) => send(zekt.url, 1000 * n + id + 1)),
    sender(() => fetch(`${zekt.url}/api/health`).then((it) => it.text())),
  ]).flat();
  await busy;
  await zekt.stop(1000);
  await Promise.all(senders);
  expect(ends).toEqual(ends.map(() => 'ECONNREFUSED'));
});

test('a port that another process listens on is not shared', async () => {
  const other = await startHttpServer(() => undefined, { host: '127.0.0.1', port: 0, reusePort: true });
  await expect(start({ ZEKT_PORT: String(other.port) })).rejects.toThrow(
    `Another program listens on port ${other.port} of 127.0.0.1. Stop it, or set ZEKT_PORT`,
  );
  await other.stop(0);
});

test('a thread that can not listen says why', async () => {
  const proofs = { webhookSecrets: [], oidcIssuers: [], oidcAudiences: [] };
  const address = { host: '192.0.2.1', port: 0 };
  await expect(
    startAcceptor({ proofs, publicUrl: null, bodies, address, forwardTo: 9 }, () =>
      Promise.reject(new Error('not asked')),
    ),
  ).rejects.toThrow('EADDRNOTAVAIL');
});

test('a thread that crashes is replaced, and the port is answered again', async () => {
  const proofs = { webhookSecrets: [secret], oidcIssuers: [], oidcAudiences: [] };
  const errors: string[] = [];
  let requests = 0;
  const takeOver = async (): Promise<Answer> => {
    requests += 1;
    // No thread gets over a header that can't be written.
    const headers: Record<string, string> = requests === 1 ? { 'not a name': '' } : {};
    return { status: 202, headers, body: { outcome: 'queued' } };
  };
  const acceptors = await startAcceptors(
    1,
    0,
    (port) =>
      startAcceptor(
        { proofs, publicUrl: null, bodies, address: { host: '127.0.0.1', port, reusePort: true }, forwardTo: 9 },
        takeOver,
      ),
    { ...silentLog, error: (_, message) => errors.push(message) },
  );
  await expect(send(acceptors.url, 1)).rejects.toThrow('fetch failed');
  const again = async (): Promise<string> => send(acceptors.url, 1).catch(again);
  expect(await again()).toBe('queued');
  expect(errors).toEqual(['a thread that listens has crashed; starting another']);
  await acceptors.stop(0);
});

test('what can not be handed on is answered with 503, and when to try again', async () => {
  const gone = await startHttpServer(() => undefined, { host: '127.0.0.1', port: 0 });
  await gone.stop(0);
  const server = await startHttpServer(createForwarder(gone.port), { host: '127.0.0.1', port: 0 });
  const response = await fetch(`${server.url}/api/health`);
  expect(response.status).toBe(503);
  expect(response.headers.get('retry-after')).toBe('5');
  expect(await response.json()).toMatchObject({ code: 'unavailable' });
  await server.stop(0);
});
