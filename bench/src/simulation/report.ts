import { markdown, quantile, round } from '../figures.ts';
import { readOptions } from './options.ts';
import type { Load, Parameters } from './parameters.ts';
import { readParameters } from './read-parameters.ts';
import { simulate, type Simulated } from './simulate.ts';

interface Row extends Load {
  readonly change?: Partial<Parameters>;
}

/** Where one parameter after another is changed. */
const burst: Load = {
  name: '500 runs complete at once, each minute',
  runsPerMinute: 500,
  consumers: 5,
  installations: 100,
  minutes: 3,
  inBursts: true,
};
const shapes: readonly Row[] = [
  { name: 'a team', runsPerMinute: 10, consumers: 1, installations: 5, minutes: 10 },
  { name: 'a company', runsPerMinute: 200, consumers: 5, installations: 50, minutes: 10 },
  { name: 'all consumers in one installation', runsPerMinute: 40, consumers: 5, installations: 1, minutes: 10 },
  {
    name: "the same with Functions' defaults: a session idle for a minute, locks renewed for five",
    runsPerMinute: 40,
    consumers: 5,
    installations: 1,
    minutes: 10,
    change: { sessionIdleMs: 60_000, lockRenewalMs: 300_000 },
  },
  burst,
  { name: 'a large company', runsPerMinute: 1000, consumers: 11, installations: 500, minutes: 2 },
  {
    name: 'more than Standard and serverless take',
    runsPerMinute: 3000,
    consumers: 5,
    installations: 1000,
    minutes: 2,
  },
  {
    name: 'the same with Premium, and 20,000 RU/s',
    runsPerMinute: 3000,
    consumers: 5,
    installations: 1000,
    minutes: 2,
    change: { premium: true, autoscale: true, maxThroughput: 20_000 },
  },
];

const changes: readonly (readonly [string, Partial<Parameters>])[] = [
  ['as deployed', {}],
  ['nothing always ready for correlate and dispatch', { readyCorrelate: 0, readyDispatch: 0 }],
  ['four of each always ready', { readyCorrelate: 4, readyDispatch: 4 }],
  ['a session idle for a minute, the default of Functions', { sessionIdleMs: 60_000 }],
  ['8 sessions in an instance, the default of Functions', { sessionsPerInstance: 8 }],
  ['a session for each run', { runSessions: 1_000_000_000 }],
  ['a session for each run, idle for a minute', { runSessions: 1_000_000_000, sessionIdleMs: 60_000 }],
  ['no instance ready for HTTP', { readyHttp: 0 }],
  ['20 requests at once in an instance', { httpConcurrency: 20 }],
  ['two cores for each instance', { memoryMB: 4096 }],
  ['at most 2 instances', { maximumInstances: 2 }],
  ['Service Bus Premium', { premium: true }],
];

const seconds = (ms: number): string => (Number.isNaN(ms) ? '–' : `${round(ms / 1000, 1)} s`);

const results = (it: Simulated): string[] => [
  round(it.messagesPerSecond, 1),
  round(it.deliveriesPerSecond, 1),
  `${seconds(quantile(it.latenciesMs, 0.5))}, ${seconds(quantile(it.latenciesMs, 0.99))}`,
  seconds(quantile(it.answersMs, 0.99)),
  round(it.stillToSend),
  `${it.instances.http}, ${it.instances.correlate}, ${it.instances.dispatch}`,
  round(it.receivers),
  round(it.lostLocks),
  round(it.credits),
  round(it.units),
  it.first ? `${it.first.limit}, ${seconds(it.first.atMs)}` : 'none',
  it.most ?? '–',
];
const headers = [
  'messages/s',
  'deliveries/s',
  'dispatched p50, p99',
  'webhook answered p99',
  'left at the end',
  'instances of HTTP, correlate, dispatch',
  'receivers of a queue',
  'locks lost',
  'credits/s',
  'RU/s',
  'limit met first, at',
  'waited for most',
];

/** Loads of several shapes. */
export const loadsTable = (parameters: Parameters, loads: readonly Row[] = shapes): string =>
  markdown(
    ['load', 'runs a minute × consumers', ...headers],
    loads.map(({ change, ...load }) => [
      load.name,
      `${round(load.runsPerMinute)} × ${load.consumers}`,
      ...results(simulate({ ...parameters, ...change }, load)),
    ]),
  );

/** One load, with one parameter after another changed. */
export const changesTable = (parameters: Parameters): string =>
  markdown(
    [burst.name, ...headers],
    changes.map(([name, change]) => [name, ...results(simulate({ ...parameters, ...change }, burst))]),
  );

/**
 * What `npm run bench -- scaling` prints of the simulation.
 *
 * @param args `--name=value` for a parameter, or for a load of one's own
 * @throws Error for an option that there is not
 */
export function simulationReport(args: readonly string[]): string {
  const { parameters, load } = readOptions(readParameters(), args);
  if (load) return loadsTable(parameters, [load]);
  return `Simulated, in virtual time, as host.json and main.bicep say:\n\n${loadsTable(parameters)}\n\nThe burst, with one thing changed:\n\n${changesTable(parameters)}`;
}
