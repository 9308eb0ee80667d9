import { execFile } from 'node:child_process';
import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startDoubles } from '@zekt/azure/testing';
import { build } from 'esbuild';
import { registrationBundle } from '../../scripts/function-bundle.ts';
import { markdown, median, round } from './figures.ts';
import type { WorkerTimes } from './functions/worker-times.ts';

const times = 15;
const repository = fileURLToPath(new URL('../../', import.meta.url));
const workerFile = fileURLToPath(new URL('functions/worker.ts', import.meta.url));
const run = promisify(execFile);

interface App {
  readonly name: string;
  readonly entry: string;
  /** Of the compile cache: none, made anew in every start, or kept from the start before. */
  readonly cache: 'none' | 'new' | 'kept';
}

const settings = (): Readonly<Record<string, string>> => ({
  ZEKT_GITHUB_APP_ID: '1',
  ZEKT_GITHUB_APP_PRIVATE_KEY: generateKeyPairSync('rsa', { modulusLength: 2048 })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString(),
  ZEKT_GITHUB_WEBHOOK_SECRET: randomUUID(),
  ZEKT_ADMIN_TOKEN: randomUUID(),
  ZEKT_APPROVAL_KEYS: `k:${randomBytes(32).toString('base64')}`,
  ZEKT_PUBLIC_URL: 'https://zekt.example',
  ZEKT_LOG_LEVEL: 'silent',
});

/**
 * The function app as it is deployed against a bare one, bundled alike: how long a worker takes to load it, and to answer first. Store and
 * bus are doubles in another process, on the same cores.
 */
export async function benchStart(): Promise<string> {
  const work = mkdtempSync(join(tmpdir(), 'zekt-start-'));
  const doubles = await startDoubles();
  try {
    await run(process.execPath, ['scripts/build-functions.ts'], { cwd: repository });
    const sample = join(work, 'sample.cjs');
    await build({
      ...registrationBundle,
      entryPoints: [fileURLToPath(new URL('functions/sample-app.ts', import.meta.url))],
      outfile: sample,
    });
    const zekt = join(repository, 'functions', 'dist', 'index.cjs');
    const apps: readonly App[] = [
      { name: 'a bare app', entry: sample, cache: 'none' },
      { name: 'Zekt', entry: zekt, cache: 'none' },
      { name: 'Zekt, making a compile cache', entry: zekt, cache: 'new' },
      { name: 'Zekt, with the compile cache of an earlier start', entry: zekt, cache: 'kept' },
    ];
    const kept = join(work, 'kept');
    const env = { PATH: process.env.PATH ?? '', ...doubles.environment, ...settings() };
    const start = async ({ entry, cache }: App, turn: number, webhooks = 0): Promise<WorkerTimes> => {
      const directory = { none: '', new: join(work, `new-${turn}`), kept }[cache];
      const args = ['--disable-warning=ExperimentalWarning', workerFile, entry, directory, String(webhooks)];
      const { stdout } = await run(process.execPath, args, { env });
      return JSON.parse(stdout) as WorkerTimes;
    };
    // Fills the cache that is kept, and the files' own.
    for (const app of apps) await start(app, -1);
    const all = apps.map((): WorkerTimes[] => []);
    for (let turn = 0; turn < times; turn += 1)
      for (const [index, app] of apps.entries()) all[index]?.push(await start(app, turn));
    const of = (index: number, field: Exclude<keyof WorkerTimes, 'answers'>): number =>
      median((all[index] ?? []).map((it) => it[field]));
    const rows = apps.map(({ name }, index) => [
      name,
      round(of(index, 'loadedMs')),
      round(of(index, 'warmMs'), 1),
      `${round(of(index, 'warmMs') / of(0, 'warmMs'), 1)} ×`,
      round(of(index, 'firstMs')),
      round(of(index, 'residentMiB')),
    ]);
    const [, plain] = apps;
    const memory = [];
    for (const count of [1, 4, 16]) {
      const { highestMiB = Number.NaN, answers = [] } = plain ? await start(plain, times, count) : {};
      memory.push([
        round(count),
        round(highestMiB),
        [...Map.groupBy(answers, String)].map(([status, of]) => `${of.length} × ${status}`).join(', '),
      ]);
    }
    return [
      `${times} starts of each in turns, medians. Goal: loaded by a process that is ready in at most 3 × the time of a bare app.\n`,
      markdown(
        [
          'app',
          'loaded, from the start of the process, ms',
          'loaded by a process that is ready, ms',
          'against the bare app',
          'first request, ms',
          'memory after it, MiB',
        ],
        rows,
      ),
      "\nHighest memory of the worker's process with webhooks of 25 MiB; the platform's own processes come on top:\n",
      markdown(['at once', 'MiB', 'answers'], memory),
    ].join('\n');
  } finally {
    await doubles.stop();
    rmSync(work, { recursive: true, force: true });
  }
}
