import { brokenPromise, failoverScenarios, playFailover } from '@zekt/embedded/testing';
import fc from 'fast-check';
import { markdown, round } from '../figures.ts';

interface Tally {
  failovers: number;
  lost: number;
  repeated: number;
}

export interface RegionsPlayed {
  readonly table: string;
  readonly isKept: boolean;
  readonly verdict: string;
}

/** Failovers of two regions on a model of the replicated store, with the loop's own handlers; and what each kind lost and repeated. */
export async function playRegions(failovers: number): Promise<RegionsPlayed> {
  const tallies = new Map<string, Tally>();
  const result = await fc.check(
    fc.asyncProperty(failoverScenarios, async (scenario) => {
      const outcome = await playFailover(scenario);
      const kind = `${scenario.failure}, ${scenario.consistency}`;
      const tally = tallies.get(kind) ?? { failovers: 0, lost: 0, repeated: 0 };
      tally.failovers += 1;
      tally.lost += outcome.lost.filter((answeredAt) => answeredAt !== null).length;
      tally.repeated += outcome.repeated.reduce((sum, { times }) => sum + times - 1, 0);
      tallies.set(kind, tally);
      return brokenPromise(scenario, outcome) === null;
    }),
    { numRuns: failovers },
  );
  const rows = [...tallies].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    table: markdown(
      ['what failed, consistency', 'failovers', 'deliveries of messages lost', 'repeated under the same id'],
      rows.map(([kind, tally]) => [kind, round(tally.failovers), round(tally.lost), round(tally.repeated)]),
    ),
    isKept: !result.failed,
    verdict: `${round(result.numRuns)} played, seed ${result.seed}: ${result.failed ? `FAILED at ${JSON.stringify(result.counterexample)}` : 'all kept what is promised'}`,
  };
}
