import { fork } from 'node:child_process';
import { createHmac, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient } from 'zekt';
import { startChild } from './child.ts';
import { markdown, quantile, round } from './figures.ts';
import { resources, workflow } from './resources.ts';
import { secret } from './webhook-bodies.ts';

const crowd = 50;
const runs = 120;
const adminToken = 'bench-admin-token-0123456789';

interface Ready {
  readonly appId: string;
  readonly privateKey: string;
  readonly repositoryId: number;
  readonly ownerId: number;
}

/** One service: how fast completed runs become dispatches, with GitHub in another process. */
export async function benchDeliveries(): Promise<string> {
  const one = await measure(1);
  const many = await measure(crowd);
  const rows = [
    ['one consumer: a webhook sent until its dispatch arrived, p50', ms(one.latencies, 0.5)],
    ['the same, p99', ms(one.latencies, 0.99)],
    [`${crowd} consumers: a webhook sent until its first dispatch arrived, p50`, ms(many.latencies, 0.5)],
    ['the same, p99', ms(many.latencies, 0.99)],
    [
      `${round(crowd * runs)} deliveries of ${runs} runs that complete at once, ${crowd} consumers`,
      `${round(many.perSecond)} deliveries/s`,
    ],
    ['memory of the server after that', `${round(many.megabytes)} MB`],
  ];
  return [
    'One service, each consumer in an installation of its own; Zekt and the simulated GitHub in a process each.\n',
    markdown(['what', 'result'], rows),
  ].join('\n');
}

const ms = (latencies: readonly number[], at: number): string => `${round(quantile(latencies, at), 1)} ms`;

interface Measured {
  /** Milliseconds. */
  readonly latencies: readonly number[];
  /** Deliveries. */
  readonly perSecond: number;
  /** Resident. */
  readonly megabytes: number;
}

async function measure(consumers: number): Promise<Measured> {
  const directory = mkdtempSync(join(tmpdir(), 'zekt-bench-'));
  const simulator = fork(fileURLToPath(new URL('./servers/simulator.ts', import.meta.url)), {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const [line] = (await once(simulator.stdout ?? simulator, 'data')) as [Buffer];
  const githubUrl = /http:\S+/.exec(line.toString())?.[0] ?? '';
  const ask = async <T>(message: object): Promise<T> => {
    simulator.send(message);
    const [answer] = (await once(simulator, 'message')) as [T];
    return answer;
  };
  const { appId, privateKey, repositoryId, ownerId } = await ask<Ready>({ kind: 'set-up', count: consumers });
  const zekt = await startChild('../../packages/cli/bin/zekt.js', ['serve'], {
    ZEKT_PORT: '0',
    ZEKT_DATA_DIR: join(directory, 'zekt'),
    ZEKT_GITHUB_APP_ID: appId,
    ZEKT_GITHUB_APP_PRIVATE_KEY: privateKey,
    ZEKT_GITHUB_API_URL: githubUrl,
    ZEKT_GITHUB_WEBHOOK_SECRET: secret,
    ZEKT_ADMIN_TOKEN: adminToken,
    ZEKT_DISPATCH_PER_MINUTE: '1000000',
    ZEKT_DISPATCH_BURST: '1000000',
    ZEKT_EVENT_ONLY_GRACE: '0ms',
    ZEKT_RECONCILE_EVERY: '0ms',
    ZEKT_LOG_LEVEL: 'error',
  });
  const complete = async (runId: number): Promise<void> => {
    const body = JSON.stringify({
      action: 'completed',
      workflow_run: {
        id: runId,
        run_attempt: 1,
        path: workflow,
        conclusion: 'success',
        event: 'push',
        head_sha: 'a'.repeat(40),
      },
      repository: { id: repositoryId, full_name: 'acme/requests', owner: { id: ownerId, login: 'acme' } },
    });
    await fetch(`${zekt.url}/api/github/webhooks`, {
      method: 'POST',
      body,
      headers: {
        'x-github-event': 'workflow_run',
        'x-github-delivery': randomUUID(),
        'x-github-hook-id': '1',
        'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
      },
    });
  };
  const taken = async (): Promise<number> => (await ask<{ taken: number }>({ kind: 'count' })).taken;
  const until = async (count: number): Promise<void> => {
    while ((await taken()) < count) await new Promise((resolve) => setTimeout(resolve, 1));
  };
  try {
    const client = createClient({ ZEKT_URL: zekt.url, ZEKT_ADMIN_TOKEN: adminToken });
    await client('applyResources', { body: { resources: resources(consumers) } });

    // One run at a time first: it also mints the tokens.
    await complete(1);
    await until(consumers);
    const latencies: number[] = [];
    for (let run = 2; run <= 31; run += 1) {
      const expected = (await taken()) + 1;
      const started = performance.now();
      await complete(run);
      await until(expected);
      latencies.push(performance.now() - started);
      await until(consumers * run);
    }
    const started = performance.now();
    await Promise.all(Array.from({ length: runs }, (_, n) => complete(1000 + n)));
    await until(consumers * (31 + runs));
    const seconds = (performance.now() - started) / 1000;
    return { latencies, perSecond: (consumers * runs) / seconds, megabytes: residentMb(zekt.process.pid ?? 0) };
  } finally {
    await zekt.stop();
    simulator.kill('SIGTERM');
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Of a process, as Linux has it; 0 elsewhere. */
function residentMb(pid: number): number {
  if (process.platform !== 'linux') return 0;
  const [, kilobytes = '0'] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}
