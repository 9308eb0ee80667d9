import { readFileSync } from 'node:fs';
import { timeSpanMs } from '@zekt/azure-doubles/host-json';
import { sessionsOfRuns } from '@zekt/core';
import type { Parameters } from './parameters.ts';

const repository = new URL('../../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, repository), 'utf8');

/** A queue's `lockDuration` in service-bus.bicep, which is a whole number of minutes. */
function lockMs(): number {
  const [, minutes] = /^ +lockDuration: 'PT(\d+)M'$/m.exec(read('bicep/modules/service-bus.bicep')) ?? [];
  return Number(minutes) * 60_000;
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
    readonly extensions: {
      readonly serviceBus: {
        readonly maxConcurrentSessions: number;
        readonly sessionIdleTimeout: string;
        readonly maxAutoLockRenewalDuration: string;
      };
    };
  };
  const bicep = read('bicep/main.bicep');
  const text = (name: string): string => bicepDefault(bicep, name);
  const whole = (name: string): number => Number(text(name));
  const { maxConcurrentSessions, sessionIdleTimeout, maxAutoLockRenewalDuration } = host.extensions.serviceBus;
  return {
    sessionsPerInstance: maxConcurrentSessions,
    sessionIdleMs: timeSpanMs(sessionIdleTimeout),
    lockRenewalMs: timeSpanMs(maxAutoLockRenewalDuration),
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
    lockMs: lockMs(),
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
