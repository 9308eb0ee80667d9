import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { play } from './interleavings.ts';
import { scenarios } from './scenarios.ts';

const firstOccurrences = (ids: readonly string[]): string[] => [...new Set(ids)];

test('any order, repetition and crash gives the same deliveries, in order for each consumer, and doubles only what a crash hides', async () => {
  await fc.assert(
    fc.asyncProperty(scenarios, async (scenario) => {
      const { dispatched, expected, lanes, deadLetters } = await play(scenario);
      // Nothing lost, nothing that should not be.
      expect(firstOccurrences(dispatched).sort()).toEqual([...expected].sort());
      expect(deadLetters).toBe(0);
      // A repetition needs a crash that hid an answer of GitHub's.
      expect(dispatched.length - expected.length).toBeLessThanOrEqual(scenario.crashes.length);
      // A message that was not visible at the decision comes late, so out of its order.
      if (scenario.place.kind === 'stale reads') return;
      for (const lane of lanes) expect(firstOccurrences(dispatched).filter((id) => lane.includes(id))).toEqual(lane);
    }),
    { numRuns: 1000, seed: 20_261_122 },
  );
}, 300_000);
