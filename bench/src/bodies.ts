import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { startDeliveryWorld } from './delivery-world.ts';
import { markdown, quantile, round } from './figures.ts';

const whole = 25;

export interface Attack {
  readonly name: string;
  readonly connections: number;
  /** MiB that each sends of the 25 that it announces; then it waits. */
  readonly sends: number;
  readonly isSigned: boolean;
}

const attacks: readonly Attack[] = [
  { name: '40 connections hold back the end of 25 MB', connections: 40, sends: whole - 1, isSigned: true },
  { name: '200 uploads of 25 MB without a signature', connections: 200, sends: whole, isSigned: false },
  { name: '50 × 25 MB with a wrong signature', connections: 50, sends: whole, isSigned: true },
];
const watchMs = 8000;

/** What bodies of strangers cost `zekt serve`: memory, and how long `/api/health` takes meanwhile. */
export async function benchBodies(): Promise<string> {
  const { zekt, stop } = await startDeliveryWorld(1);
  try {
    const idle = residentMiB(zekt.process.pid);
    const rows: string[][] = [['nothing', '–', round(idle), ...(await health(zekt.url, 2000))]];
    for (const attack of attacks) {
      let highest = 0;
      const timer = setInterval(() => (highest = Math.max(highest, residentMiB(zekt.process.pid))), 250);
      // Another thread: what sends must not hold up what measures.
      const thread = new Worker(new URL('./uploads.ts', import.meta.url), { workerData: { url: zekt.url, attack } });
      const figures = await health(zekt.url, watchMs);
      clearInterval(timer);
      thread.postMessage('enough');
      const [counts] = (await once(thread, 'message')) as [Map<string, number>];
      await thread.terminate();
      const answers = [...counts].map(([status, count]) => `${count} × ${status}`).join(', ');
      rows.push([attack.name, answers, round(highest), ...figures]);
    }
    return markdown(['meanwhile', 'answers', 'memory, MiB', 'health p50, ms', 'p99, ms', 'longest, ms'], rows);
  } finally {
    await stop();
  }
}

async function health(url: string, forMs: number): Promise<string[]> {
  const latencies: number[] = [];
  const until = performance.now() + forMs;
  while (performance.now() < until) {
    const asked = performance.now();
    await (await fetch(`${url}/api/health`)).text();
    latencies.push(performance.now() - asked);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return [quantile(latencies, 0.5), quantile(latencies, 0.99), Math.max(...latencies)].map((it) => round(it, 1));
}

const residentMiB = (pid = 0): number =>
  Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024;
