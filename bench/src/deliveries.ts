import { startDeliveryWorld, type DeliveryWorld } from './delivery-world.ts';
import { markdown, quantile, round } from './figures.ts';
import { resources, workflow } from './resources.ts';

const many = 50;
const runs = 120;
/** One at a time, to see how long one takes. */
const timed = 100;

/** How fast completed runs become dispatches: one at a time for one consumer and for 50, and 120 runs at once. */
export async function benchDeliveries(): Promise<string> {
  const rows = [...(await withConsumers(1)), ...(await withConsumers(many, throughput))];
  return [
    'One service, each consumer in an installation of its own; Zekt and the simulated GitHub in a process each.\n',
    markdown(['what', 'result'], rows),
  ].join('\n');
}

type Rows = [string, string][];

async function withConsumers(
  consumers: number,
  andThen: (world: DeliveryWorld) => Promise<Rows> = async () => [],
): Promise<Rows> {
  const world = await startDeliveryWorld(consumers);
  try {
    await world.apply(resources(consumers));
    const latencies = await firstDispatches(world, consumers);
    const what = `a webhook sent until its first dispatch arrived, ${consumers} consumer${consumers > 1 ? 's' : ''}`;
    return [
      [`${what}, p50`, `${round(quantile(latencies, 0.5), 1)} ms`],
      [`${what}, p99`, `${round(quantile(latencies, 0.99), 1)} ms`],
      ...(await andThen(world)),
    ];
  } finally {
    await world.stop();
  }
}

/** Milliseconds, one for each run; the runs before them mint the tokens and warm up. */
async function firstDispatches({ complete, taken, until }: DeliveryWorld, consumers: number): Promise<number[]> {
  const warmUp = 20;
  const latencies: number[] = [];
  for (let run = 1; run <= warmUp + timed; run += 1) {
    const expected = (await taken()) + 1;
    const started = performance.now();
    await complete(run, workflow);
    await until(expected);
    if (run > warmUp) latencies.push(performance.now() - started);
    await until(consumers * run);
  }
  return latencies;
}

async function throughput({ complete, taken, until }: DeliveryWorld): Promise<Rows> {
  const before = await taken();
  const total = many * runs;
  const started = performance.now();
  await Promise.all(Array.from({ length: runs }, (_, n) => complete(1000 + n, workflow)));
  await until(before + total);
  const perSecond = total / ((performance.now() - started) / 1000);
  return [[`${round(total)} deliveries of ${runs} runs that complete at once`, `${round(perSecond)} deliveries/s`]];
}
