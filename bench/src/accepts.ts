import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GitHubSimulator } from '@zekt/simulator';
import { contendersOn, own, type Contender } from './contenders.ts';
import { markdown, median, round } from './figures.ts';
import { load, type LoadResult } from './load.ts';

/** BENCH_ROUNDS, BENCH_SECONDS and BENCH_CONTENDERS (a pattern of names) make it shorter. */
const rounds = Number(process.env.BENCH_ROUNDS ?? 3);
const seconds = Number(process.env.BENCH_SECONDS ?? 6);
const wanted = new RegExp(process.env.BENCH_CONTENDERS ?? '', 'i');
/** So many at a time: few, as on a quiet day; GitHub's after an outage. */
const crowds = [1, 50, 200];

/** How many requests each server takes, taking turns so that all see the same machine. */
export async function benchAccepts(): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'zekt-bench-'));
  const github = await GitHubSimulator.start();
  const repository = github.repository('acme/requests');
  github.install([repository]);
  const results: Result[] = [];
  let contenders: readonly Contender[];
  try {
    contenders = (await contendersOn(github, repository)).filter(({ name }) => wanted.test(name));
    for (let round = 0; round < rounds; round += 1)
      for (const contender of contenders)
        results.push(...(await measure(contender, mkdtempSync(join(directory, 'round-')))));
  } finally {
    await github.stop();
    rmSync(directory, { recursive: true, force: true });
  }
  const size = round(Math.max(...results.map(({ bytes }) => bytes)) / 1024, 1);
  return [
    `Webhooks of ${size} kB, and messages of 1 kB; ${rounds} rounds of ${seconds} s in turns, medians.\n`,
    tableOf(
      contenders.map(({ name }) => name),
      results,
    ),
  ].join('\n');
}

interface Result extends LoadResult {
  readonly name: string;
  readonly connections: number;
  /** Of a request. */
  readonly bytes: number;
}

async function measure({ name, start }: Contender, directory: string): Promise<Result[]> {
  const { child, next } = await start(directory);
  const bytes = next().length;
  const bring = (connections: number, ms: number) => load(child.url, { connections, durationMs: ms, next });
  const results: Result[] = [];
  await bring(50, (seconds * 1000) / 3);
  for (const connections of crowds)
    results.push({ name, connections, bytes, ...(await bring(connections, (seconds * 1000) / crowds.length)) });
  await child.stop();
  return results;
}

function tableOf(names: readonly string[], results: readonly Result[]): string {
  const of = (name: string, connections: number, field: keyof LoadResult): number =>
    median(results.filter((it) => it.name === name && it.connections === connections).map((it) => it[field]));
  const rows = names.map((name) => [
    name,
    ...crowds.flatMap((crowd) => [
      round(of(name, crowd, 'perSecond')),
      `${round(of(own, crowd, 'perSecond') / of(name, crowd, 'perSecond'), 2)} ×`,
      round(of(name, crowd, 'p99Ms'), 1),
    ]),
    String(results.filter((it) => it.name === name).reduce((sum, { failures }) => sum + failures, 0)),
  ]);
  const columns = crowds.flatMap((crowd) => [`${crowd}: accepts/s`, 'Zekt against it', 'p99 ms']);
  return markdown(['server', ...columns, 'failures'], rows);
}
