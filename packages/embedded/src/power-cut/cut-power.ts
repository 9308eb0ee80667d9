import fc, { type RunDetails } from 'fast-check';
import { histories, type Turn } from './history.ts';
import { Machine } from './machine.ts';

export interface PowerCuts {
  readonly result: RunDetails<[readonly Turn[], number]>;
  /** How many cuts were tried, by where they fell. */
  readonly tried: Readonly<Record<string, number>>;
}

/** Plays random histories on a disk that loses what was not synced, with a power cut at each point of each. */
export async function cutPower(options: { readonly numRuns: number; readonly seed?: number }): Promise<PowerCuts> {
  const tried: Record<string, number> = {};
  const result = await fc.check(
    fc.asyncProperty(histories, fc.nat(), async (history, seed) => {
      const machine = new Machine(seed);
      for (const turn of history) await machine.play(turn);
      for (const [where, count] of Object.entries(await machine.end())) tried[where] = (tried[where] ?? 0) + count;
    }),
    options,
  );
  return { result, tried };
}
