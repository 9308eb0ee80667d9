import { readFileSync } from 'node:fs';
import { sessionsOfRuns } from '@zekt/core';
import type { Parameters } from './parameters.ts';

const repository = new URL('../../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, repository), 'utf8');

/** A .NET TimeSpan of less than a day, in milliseconds. */
function timeSpanMs(text: string): number {
  const [hours = Number.NaN, minutes = Number.NaN, seconds = Number.NaN] = text.split(':').map(Number);
  return ((hours * 60 + minutes) * 60 + seconds) * 1000;
}

/** The default of a parameter of main.bicep. */
function bicepDefault(text: string, name: string): string {
  const [, value] = new RegExp(`^param ${name} \\w+ = '?([^'\\n]*)'?$`, 'm').exec(text) ?? [];
  if (value === undefined) throw new Error(`main.bicep has no parameter ${name} with a default`);
  return value;
}

/** As host.json and main.bicep say, with what Microsoft documents and what was measured for the rest. */
export function readParameters(): Parameters {
  const host = JSON.parse(read('functions/host.json')) as {
    readonly extensions: { readonly serviceBus: { maxConcurrentSessions: number; sessionIdleTimeout: string } };
  };
  const bicep = read('bicep/main.bicep');
  const text = (name: string): string => bicepDefault(bicep, name);
  const whole = (name: string): number => Number(text(name));
  const { maxConcurrentSessions, sessionIdleTimeout } = host.extensions.serviceBus;
  return {
    sessionsPerInstance: maxConcurrentSessions,
    sessionIdleMs: timeSpanMs(sessionIdleTimeout),
    maximumInstances: whole('maximumInstanceCount'),
    readyHttp: whole('alwaysReadyInstances'),
    readyCorrelate: whole('alwaysReadyCorrelate'),
    readyDispatch: whole('alwaysReadyDispatch'),
    httpConcurrency: whole('httpConcurrency'),
    memoryMB: whole('instanceMemoryMB'),
    dispatchPerMinute: whole('dispatchPerMinute'),
    dispatchBurst: whole('dispatchBurst'),
    premium: text('serviceBusSku') === 'Premium',
    autoscale: text('cosmosCapacity') === 'autoscale',
    maxThroughput: whole('cosmosMaxThroughput'),
    runSessions: sessionsOfRuns,
    scalerEveryMs: 30_000,
    scalerStep: 4,
    httpStartsEveryMs: 1000,
    coldStartMs: 2500,
    creditsPerSecond: 1000,
    receiversPerQueue: 5000,
    serverlessUnits: 5000,
    storeMs: 8,
    busMs: 8,
    gitHubMs: 180,
    requestCpuMs: 4,
    correlateCpuMs: 6,
    dispatchCpuMs: 8,
  };
}
