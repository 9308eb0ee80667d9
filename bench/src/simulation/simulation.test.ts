import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Budget } from './budget.ts';
import { readOptions } from './options.ts';
import type { Load } from './parameters.ts';
import { readParameters } from './read-parameters.ts';
import { simulationReport } from './report.ts';
import { simulate } from './simulate.ts';
import { VirtualTime } from './virtual-time.ts';

const deployed = readParameters();
const load: Load = { name: 'a minute', runsPerMinute: 120, consumers: 2, installations: 60, minutes: 1 };

test('the page on scaling has the tables that the simulation prints', () => {
  const page = readFileSync(new URL('../../../docs/explanation/scaling.md', import.meta.url), 'utf8');
  const missing = simulationReport([])
    .split('\n')
    .filter((line) => line.startsWith('|') && !page.includes(`${line}\n`));
  expect(missing).toEqual([]);
});

test('it starts from host.json and main.bicep', () => {
  const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
  const { extensions } = JSON.parse(read('functions/host.json')) as {
    extensions: { serviceBus: { maxConcurrentSessions: number } };
  };
  expect(deployed.sessionsPerInstance).toBe(extensions.serviceBus.maxConcurrentSessions);
  expect(read('bicep/main.bicep')).toContain(`param maximumInstanceCount int = ${deployed.maximumInstances}\n`);
  expect(deployed).toMatchObject({ sessionIdleMs: 250, premium: false, autoscale: false, runSessions: 512 });
});

test('the same seed gives the same, another seed something else', () => {
  expect(simulate(deployed, load, 7)).toEqual(simulate(deployed, load, 7));
  expect(simulate(deployed, load, 7).latenciesMs).not.toEqual(simulate(deployed, load, 8).latenciesMs);
});

describe('what is short is named', () => {
  const long = { ...load, minutes: 2 };
  test.each([
    ["GitHub's pace for an installation", {}, { installations: 1 }],
    ['credits of Service Bus', { creditsPerSecond: 20 }, {}],
    ['RU/s of Cosmos DB', { serverlessUnits: 60 }, {}],
    ['maximumInstanceCount', { maximumInstances: 1, sessionsPerInstance: 1 }, {}],
    ['receivers of a queue', { receiversPerQueue: 1 }, {}],
    ['instances that are still to start', { readyCorrelate: 0 }, { minutes: 1 }],
    ['CPU of an instance', { dispatchCpuMs: 400, maximumInstances: 1 }, {}],
  ] as const)('%s', (limit, change, shape) => {
    expect(simulate({ ...deployed, ...change }, { ...long, ...shape }).most).toBe(limit);
  });

  test('and nothing where nothing is', () => {
    const { first, most } = simulate(deployed, { ...load, runsPerMinute: 10 });
    expect([first, most]).toEqual([null, null]);
  });
});

test('a lock that is renewed for less than a busy session lives is lost, and its message comes again', () => {
  const busy = { ...load, installations: 1, minutes: 4 };
  const short = { ...deployed, sessionIdleMs: 60_000, lockRenewalMs: 60_000 };
  expect(simulate(short, busy).lostLocks).toBeGreaterThan(0);
  expect(simulate({ ...short, lockRenewalMs: deployed.lockRenewalMs }, busy).lostLocks).toBe(0);
  expect(simulate(short, busy).latenciesMs.length).toBeGreaterThan(100);
});

test('each parameter, and a load of one’s own, is an option', () => {
  const { parameters, load: own } = readOptions(deployed, ['--session-idle-ms=1000', '--premium=true']);
  expect([parameters.sessionIdleMs, parameters.premium, own]).toEqual([1000, true, null]);
  expect(readOptions(deployed, ['--runs-per-minute=5']).load).toMatchObject({ runsPerMinute: 5, consumers: 1 });
  expect(() => readOptions(deployed, ['--idle=5'])).toThrow('--session-idle-ms=…');
  expect(() => readOptions(deployed, ['--memory-mb=much'])).toThrow("--memory-mb needs a number; got 'much'");
});

test('events come in the order of their times, and of their planning where these are equal', () => {
  const time = new VirtualTime();
  const came: string[] = [];
  for (const [at, name] of [
    [30, 'd'],
    [10, 'a'],
    [20, 'b'],
    [20, 'c'],
    [40, 'e'],
  ] as const)
    time.at(at, () => came.push(`${name} at ${time.now}`));
  time.runUntil(35);
  expect(came).toEqual(['a at 10', 'b at 20', 'c at 20', 'd at 30']);
});

test('a budget gives what is left of this second, then of the next ones', () => {
  const budget = new Budget(10);
  expect([budget.take(500, 6), budget.take(600, 6), budget.take(700, 4), budget.take(800, 4)]).toEqual([
    500, 1000, 700, 1000,
  ]);
  expect(budget.take(2500, 1)).toBe(2500);
  expect(budget.highest).toBe(10);
});
