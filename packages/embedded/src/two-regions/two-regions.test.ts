import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { brokenPromise } from './broken-promise.ts';
import { failoverScenarios } from './failover-scenarios.ts';
import { playFailover } from './play-failover.ts';

test('a failover at any point loses nothing that was replicated, and doubles only what was in hand or not yet replicated', async () => {
  await fc.assert(
    fc.asyncProperty(failoverScenarios, async (scenario) => {
      expect(brokenPromise(scenario, await playFailover(scenario))).toBeNull();
    }),
    { numRuns: Number(process.env.RUNS ?? 40), seed: Number(process.env.SEED ?? 20_261_124) },
  );
}, 300_000);
