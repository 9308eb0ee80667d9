import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GitHubSimulator } from '@zekt/simulator';
import { createClient } from 'zekt';
import { startChild, type Child } from './child.ts';
import { markdown, median, round } from './figures.ts';
import { load, type LoadResult } from './load.ts';
import { messageRequests, webhookRequests, type NextRequest } from './requests.ts';
import { resources } from './resources.ts';
import { secret } from './webhook-bodies.ts';

const connections = 50;
/** BENCH_ROUNDS and BENCH_SECONDS make it shorter. */
const rounds = Number(process.env.BENCH_ROUNDS ?? 3);
const seconds = Number(process.env.BENCH_SECONDS ?? 6);
const warmUpSeconds = seconds / 3;
/** Runs that send messages; together they send some ten thousand. */
const tokens = 2000;

/** A server, and what it is sent. */
interface Started {
  readonly child: Child;
  readonly next: NextRequest;
  /** What the server needed beside itself. */
  readonly stop?: () => Promise<void>;
}

interface Contender {
  readonly name: string;
  readonly start: (directory: string) => Promise<Started>;
}

const adminToken = 'bench-admin-token-0123456789';
const privateKey = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs1', format: 'pem' })
  .toString();
const nextWebhook = webhookRequests();

const serve = (directory: string, settings: Readonly<Record<string, string>> = {}): Promise<Child> =>
  startChild('../../packages/cli/bin/zekt.js', ['serve'], {
    ZEKT_PORT: '0',
    ZEKT_DATA_DIR: join(directory, 'zekt'),
    ZEKT_GITHUB_APP_ID: '1',
    ZEKT_GITHUB_APP_PRIVATE_KEY: privateKey,
    ZEKT_GITHUB_API_URL: 'http://127.0.0.1:9',
    ZEKT_GITHUB_WEBHOOK_SECRET: secret,
    ZEKT_ADMIN_TOKEN: adminToken,
    ZEKT_RECONCILE_EVERY: '0ms',
    ZEKT_LOG_LEVEL: 'error',
    ...settings,
  });

const takingWebhooks = async (child: Promise<Child>): Promise<Started> => ({ child: await child, next: nextWebhook });

/** Messages with tokens of a simulated issuer, from a repository that offers a service. */
async function takingMessages(directory: string): Promise<Started> {
  const github = await GitHubSimulator.start();
  const child = await serve(directory, {
    ZEKT_GITHUB_APP_ID: github.appId,
    ZEKT_GITHUB_APP_PRIVATE_KEY: github.privateKey,
    ZEKT_GITHUB_API_URL: github.url,
    ZEKT_OIDC_ISSUERS: github.issuer.url,
  });
  const repository = github.repository('acme/requests');
  github.install([repository]);
  const client = createClient({ ZEKT_URL: child.url, ZEKT_ADMIN_TOKEN: adminToken });
  await client('applyResources', { body: { resources: resources(0) } });
  return { child, next: await messageRequests(github, repository, tokens), stop: () => github.stop() };
}

const own = 'Zekt (durable, queued)';
const contenders: readonly Contender[] = [
  { name: own, start: (directory) => takingWebhooks(serve(directory)) },
  {
    name: 'Zekt, one thread that listens',
    start: (directory) => takingWebhooks(serve(directory, { ZEKT_ACCEPTORS: '1' })),
  },
  { name: 'Zekt, messages with an OIDC token', start: takingMessages },
  {
    name: 'Probot (stores nothing)',
    start: () => takingWebhooks(startChild('./servers/probot.ts', [], { WEBHOOK_SECRET: secret })),
  },
  {
    name: '@octokit/webhooks (stores nothing)',
    start: () => takingWebhooks(startChild('./servers/octokit.ts', [], { WEBHOOK_SECRET: secret })),
  },
  {
    name: 'floor: HTTP + HMAC + one fsynced insert',
    start: (directory) =>
      takingWebhooks(startChild('./servers/floor.ts', [join(directory, 'floor.sqlite')], { WEBHOOK_SECRET: secret })),
  },
];

/** How many requests each server takes, taking turns so that all see the same machine. */
export async function benchAccepts(): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'zekt-bench-'));
  const figures = new Map<string, LoadResult[]>();
  const unloaded: number[] = [];
  try {
    for (let round = 0; round < rounds; round += 1) {
      for (const { name, start } of contenders) {
        const { child, next, stop } = await start(mkdtempSync(join(directory, 'round-')));
        const bring = (ms: number, clients: number) => load(child.url, { connections: clients, durationMs: ms, next });
        await bring(warmUpSeconds * 1000, connections);
        figures.set(name, [...(figures.get(name) ?? []), await bring(seconds * 1000, connections)]);
        if (name === own) unloaded.push((await bring(warmUpSeconds * 1000, 1)).p99Ms);
        await child.stop();
        await stop?.();
      }
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  const middle = (name: string) => median((figures.get(name) ?? []).map(({ perSecond }) => perSecond));
  const rows = contenders.map(({ name }) => {
    const all = figures.get(name) ?? [];
    return [
      name,
      round(middle(name)),
      round(median(all.map(({ p99Ms }) => p99Ms)), 1),
      `${round(middle(own) / middle(name), 2)} ×`,
      String(all.reduce((sum, { failures }) => sum + failures, 0)),
    ];
  });
  const size = round(nextWebhook().length / 1024, 1);
  return `Webhooks of ${size} kB, and messages of 1 kB, over ${connections} connections, ${rounds} rounds of ${seconds} s in turns, medians.\n\n${markdown(['server', 'accepts/s', 'p99 ms', 'Zekt against it', 'failures'], rows)}\n\nZekt with one connection: p99 ${round(median(unloaded), 1)} ms.`;
}
