import { execFileSync } from 'node:child_process';
import { startDeliveryWorld } from './delivery-world.ts';
import { markdown, round } from './figures.ts';
import { servicesWithOneConsumer, workflowOf } from './resources.ts';

/** BENCH_RUNS makes it shorter. */
const runs = Number(process.env.BENCH_RUNS ?? 100_000);
/** Services, each with a consumer, so that as many installations are dispatched to side by side. */
const services = 50;
/** Runs that are under way at a time. */
const inHand = 500;

/** What `zekt serve` holds in memory: when nothing happens, and after very many runs. */
export async function benchMemory(): Promise<string> {
  const { zekt, apply, complete, until, stop } = await startDeliveryWorld(services);
  try {
    await pause(2000);
    const idle = residentMiB(zekt.process.pid);
    await apply(servicesWithOneConsumer(services));
    let highest = idle;
    for (let from = 0; from < runs; from += inHand) {
      const upTo = Math.min(runs, from + inHand);
      await Promise.all(
        Array.from({ length: upTo - from }, (_, n) => complete(1 + from + n, workflowOf((from + n) % services))),
      );
      await until(upTo);
      highest = Math.max(highest, residentMiB(zekt.process.pid));
    }
    await pause(2000);
    return markdown(
      ['resident memory of `zekt serve`', 'MiB'],
      [
        ['idle', round(idle)],
        [`the highest while ${round(runs)} runs were delivered`, round(highest)],
        ['after them', round(residentMiB(zekt.process.pid))],
      ],
    );
  } finally {
    await stop();
  }
}

const residentMiB = (pid = 0): number =>
  Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
