import { expect, test } from '@jest/globals';
import { storm } from './stale-read-storm.ts';

test('runs go through the loop while replicas lag, partitions split, store and bus throttle, tokens expire and a worker is killed: none is lost, and none is doubled that a receiver can not tell', async () => {
  const account = await storm({ runs: 40, seed: 13, kills: 1 });
  expect(account).toMatchObject({ lost: 0, doubled: 0, deadLetters: 0, killed: 1 });
  expect(account.expected).toBeGreaterThan(60);
  // A repetition needs something that hid an answer.
  expect(account.repeated).toBeLessThanOrEqual(account.failed + account.expired + 36 * account.killed);
  expect(account.staleAnswers).toBeGreaterThan(0);
  expect(account.physicalPartitions).toBeGreaterThan(2);
  expect(account.throttled).toBeGreaterThan(0);
  expect(account.expired).toBeGreaterThan(0);
}, 120_000);
