import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { markdown, median, round } from './figures.ts';
import { LoopInstance } from './loop-instance.ts';

const measured = 300;
const rounds = 5;
const small = { runs: 100, services: 10 };
const factor = 100;

/** The cost of one more run, with little and with much behind and beside it; in turns. */
export async function benchHistory(): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'zekt-bench-'));
  try {
    const large = { runs: small.runs * factor, services: small.services * factor };
    const few = await LoopInstance.open(join(directory, 'few'), small);
    const many = await LoopInstance.open(join(directory, 'many'), large);
    const costs: { few: number; many: number }[] = [];
    for (let round = 0; round < rounds; round += 1)
      costs.push({ few: await few.play(measured), many: await many.play(measured) });
    await few.close();
    await many.close();
    const [a, b] = [median(costs.map((it) => it.few)), median(costs.map((it) => it.many))];
    return [
      `A run with a message and two consumers, from accept to recorded dispatch, GitHub answering at once; ${rounds} rounds of ${measured} runs in turns, medians.\n`,
      markdown(
        ['runs before', 'other services and consumers', 'µs for a run', 'ratio'],
        [
          [round(small.runs), round(small.services), round(a), '1'],
          [round(large.runs), round(large.services), round(b), `${round(b / a, 2)} ×`],
        ],
      ),
    ].join('\n');
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
