import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { createApp, type Zekt } from '@zekt/api';
import { getRepository, repositoryRef, silentLog, startWorker, systemClock, type Log } from '@zekt/core';
import { compose, readSettings } from '@zekt/host';
import { GitHubSimulator, type WorkflowRun } from '@zekt/simulator';
import { listen } from '../listen.ts';
import { openBackend } from '../open-backend.ts';
import type { SharedPort } from '../start-acceptors.ts';
import { startHttpServer } from '../start-http-server.ts';

export const webhookSecret = 'parity-secret';
/** One for all doors, so that a token is good at each. */
const publicUrl = 'https://zekt.example';

/** The doors that must not be told apart: by Request and Response alone, straight on Node's, and through threads. */
export const doors = ['app', 'node', 'threads'] as const;
export type DoorName = (typeof doors)[number];

/** One Zekt with every door open, and a repository that it knows. */
export interface ParityWorld {
  readonly zekt: Zekt;
  readonly urls: Readonly<Record<DoorName, string>>;
  /** A run that no message was sent of. */
  newRun(): WorkflowRun;
  token(run: WorkflowRun): Promise<string>;
  stop(): Promise<void>;
}

export async function openParityWorld(log: Log = silentLog): Promise<ParityWorld> {
  const github = await GitHubSimulator.start();
  const directory = await mkdtemp(join(tmpdir(), 'zekt-doors-'));
  const settings = readSettings({
    ZEKT_PORT: '0',
    ZEKT_DATA_DIR: join(directory, 'data'),
    ZEKT_PUBLIC_URL: publicUrl,
    ZEKT_OIDC_ISSUERS: github.issuer.url,
    ZEKT_GITHUB_API_URL: github.url,
    ZEKT_GITHUB_APP_ID: github.appId,
    ZEKT_GITHUB_APP_PRIVATE_KEY: github.privateKey,
    ZEKT_GITHUB_WEBHOOK_SECRET: webhookSecret,
    ZEKT_RECONCILE_EVERY: '0ms',
    ZEKT_DOCTOR_EVERY: '0ms',
  });
  const backend = await openBackend(settings, log, systemClock);
  const { zekt, context } = compose(settings, { ...backend, publicUrl: () => publicUrl, clock: systemClock, log });
  const worker = startWorker(context);
  const app = getRequestListener(createApp(zekt));
  const servers: Record<DoorName, SharedPort> = {
    app: await startHttpServer((incoming, outgoing) => void app(incoming, outgoing), { host: settings.host, port: 0 }),
    node: await listen(zekt, { ...settings, acceptors: 0 }),
    threads: await listen(zekt, { ...settings, acceptors: 2 }),
  };
  github.sendWebhooksTo({ url: `${servers.node.url}/api/github/webhooks`, secret: webhookSecret });
  const repository = github.repository('acme/requests');
  github.install([repository]);
  await github.webhooks.settled();
  while (!(await getRepository(zekt.store, repositoryRef(zekt.issuer, String(repository.id)))))
    await new Promise((resolve) => setImmediate(resolve));
  return {
    zekt,
    urls: { app: servers.app.url, node: servers.node.url, threads: servers.threads.url },
    newRun: () => github.startRun(repository, { workflow: '.github/workflows/order.yaml' }),
    token: (run) => github.issuer.mint(run, publicUrl),
    async stop() {
      await Promise.all(Object.values(servers).map((server) => server.stop(1000)));
      await worker.stop();
      await backend.close();
      await github.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
