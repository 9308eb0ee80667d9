import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChild, type Child } from './child.ts';
import { markdown, median, round } from './figures.ts';
import { load, type LoadResult } from './load.ts';
import { secret, signedBodies } from './webhook-bodies.ts';

const connections = 50;
const rounds = 3;
const seconds = 6;
const warmUpSeconds = 2;

interface Contender {
  readonly name: string;
  readonly start: (directory: string) => Promise<Child>;
}

const privateKey = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs1', format: 'pem' })
  .toString();
const contenders: readonly Contender[] = [
  {
    name: 'Zekt (durable, queued)',
    start: (directory) =>
      startChild('../../packages/cli/bin/zekt.js', ['serve'], {
        ZEKT_PORT: '0',
        ZEKT_DATA_DIR: join(directory, 'zekt'),
        ZEKT_GITHUB_APP_ID: '1',
        ZEKT_GITHUB_APP_PRIVATE_KEY: privateKey,
        ZEKT_GITHUB_API_URL: 'http://127.0.0.1:9',
        ZEKT_GITHUB_WEBHOOK_SECRET: secret,
        ZEKT_RECONCILE_EVERY: '0ms',
        ZEKT_LOG_LEVEL: 'error',
      }),
  },
  { name: 'Probot (stores nothing)', start: () => startChild('./servers/probot.ts', [], { WEBHOOK_SECRET: secret }) },
  {
    name: '@octokit/webhooks (stores nothing)',
    start: () => startChild('./servers/octokit.ts', [], { WEBHOOK_SECRET: secret }),
  },
  {
    name: 'floor: HTTP + HMAC + one fsynced insert',
    start: (directory) =>
      startChild('./servers/floor.ts', [join(directory, 'floor.sqlite')], { WEBHOOK_SECRET: secret }),
  },
];

/** Ready to send but for the GUID, which is written over `guidAt` each time. */
const requests = signedBodies(1000).map(({ body, signature }) => {
  const head = [
    'POST /api/github/webhooks HTTP/1.1',
    'host: 127.0.0.1',
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    'user-agent: GitHub-Hookshot/bench',
    'x-github-event: workflow_run',
    'x-github-hook-id: 1',
    'x-github-hook-installation-target-type: integration',
    'x-github-hook-installation-target-id: 1',
    `x-hub-signature-256: ${signature}`,
    `x-github-delivery: ${randomUUID()}`,
  ].join('\r\n');
  return { bytes: Buffer.from(`${head}\r\n\r\n${body}`), guidAt: head.length - 36 };
});

/** Webhooks as fast as the connections bring them, each with a GUID of its own. */
function bring(url: string, durationMs: number, connections: number): Promise<LoadResult> {
  let count = 0;
  return load(url, {
    connections,
    durationMs,
    next: () => {
      const { bytes, guidAt } = requests[(count += 1) % requests.length] ?? { bytes: Buffer.alloc(0), guidAt: 0 };
      bytes.write(randomUUID(), guidAt, 'latin1');
      return Buffer.from(bytes);
    },
  });
}

/** How many webhooks each server takes, taking turns so that all see the same machine. */
export async function benchAccepts(): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'zekt-bench-'));
  const figures = new Map<string, LoadResult[]>();
  const unloaded: number[] = [];
  try {
    for (let round = 0; round < rounds; round += 1) {
      for (const { name, start } of contenders) {
        const child = await start(mkdtempSync(join(directory, 'round-')));
        await bring(child.url, warmUpSeconds * 1000, connections);
        figures.set(name, [...(figures.get(name) ?? []), await bring(child.url, seconds * 1000, connections)]);
        if (name === contenders[0]?.name) unloaded.push((await bring(child.url, 2000, 1)).p99Ms);
        await child.stop();
      }
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  const middle = (name: string) => median((figures.get(name) ?? []).map(({ perSecond }) => perSecond));
  const own = middle(contenders[0]?.name ?? '');
  const rows = contenders.map(({ name }) => {
    const all = figures.get(name) ?? [];
    return [
      name,
      round(middle(name)),
      round(median(all.map(({ p99Ms }) => p99Ms)), 1),
      `${round(own / middle(name), 2)} ×`,
      String(all.reduce((sum, { failures }) => sum + failures, 0)),
    ];
  });
  const size = round((requests[0]?.bytes.length ?? 0) / 1024, 1);
  return `Webhooks of ${size} kB over ${connections} connections, ${rounds} rounds of ${seconds} s in turns, medians.\n\n${markdown(['server', 'accepts/s', 'p99 ms', 'Zekt against it', 'failures'], rows)}\n\nZekt with one connection: p99 ${round(median(unloaded), 1)} ms.`;
}
