import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cutPower } from './power-cut/cut-power.ts';

test('after a power cut at any point all that was answered, read or handed out is there, and no half of a transaction', async () => {
  const { result, tried } = await cutPower({ numRuns: 50, seed: 20_261_124 });
  expect(result.failed ? fc.defaultReportMessage(result) : '').toBe('');
  // So many of each kind that the histories do what they are for.
  expect(Object.keys(tried).sort()).toEqual(['copied', 'copying', 'log begun anew', 'synced', 'written']);
  for (const count of Object.values(tried)) expect(count).toBeGreaterThan(25);
}, 120_000);
