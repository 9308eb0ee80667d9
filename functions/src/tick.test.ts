import { beforeEach, expect, test } from '@jest/globals';
import { noTelemetry, silentLog, type Telemetry } from '@zekt/core';
import { cannotStart } from './cannot-start.ts';
import { functionCount } from './function-count.ts';
import { tickerOf, type TimedApp } from './tick.ts';

const traceParent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
let told: object[];
let app: TimedApp;

const telemetry: Telemetry = {
  ...noTelemetry,
  span(name, { parent }, work) {
    told.push({ span: name, parent });
    return work();
  },
  count: (name, attributes) => void told.push({ count: name, ...attributes }),
  record: (name, value, attributes) => void told.push({ record: name, value, ...attributes }),
};

beforeEach(() => {
  told = [];
  app = {
    log: silentLog,
    telemetry,
    azure: { outbox: { sweep: async () => ({ published: 2, postponed: 1, quarantined: 1 }) } },
    watch: { look: async () => undefined },
    reconcile: async () => true,
    sweep: async () => 0,
  };
});

const errors: unknown[] = [];
const tick = (timer: Parameters<ReturnType<typeof tickerOf>>[0], openApp = async () => app): Promise<void> =>
  tickerOf({ openApp })(timer, { traceContext: { traceParent }, error: (...args) => void errors.push(args[0]) });

test('each run is a span below the host, and ends with a heartbeat of its timer', async () => {
  await tick('sweepMessages');
  expect(told).toEqual([
    { span: 'timer sweepMessages', parent: traceParent },
    { count: 'zekt.heartbeat', timer: 'sweepMessages', outcome: 'ok' },
  ]);
});

test('a sweep of the outbox tells how much it found, and what was given up', async () => {
  await tick('sweepOutbox');
  expect(told).toEqual(
    expect.arrayContaining([
      { record: 'zekt.sweeps', value: 4, sweep: 'outbox' },
      { count: 'zekt.outbox', outcome: 'quarantined' },
    ]),
  );
});

test('webhooks that could not all be looked up are no good heartbeat', async () => {
  app = { ...app, reconcile: async () => false };
  await tick('reconcileWebhooks');
  expect(told).toContainEqual({ count: 'zekt.heartbeat', timer: 'reconcileWebhooks', outcome: 'partly' });
});

test('a run that fails is a failed execution, and no good heartbeat', async () => {
  app = { ...app, sweep: () => Promise.reject(new Error('the store is away')) };
  await expect(tick('sweepMessages')).rejects.toThrow('the store is away');
  expect(told).toContainEqual({ count: 'zekt.heartbeat', timer: 'sweepMessages', outcome: 'failed' });
});

test('the look at the health tells how many functions there are', async () => {
  await tick('watchHealth');
  expect(told).toContainEqual({ record: 'zekt.functions', value: functionCount });
});

test("an app that can't start has no heartbeat, and the host's log says why", async () => {
  await expect(tick('watchHealth', () => Promise.reject(new Error('a setting is wrong')))).rejects.toThrow();
  expect(told).toEqual([]);
  expect(errors).toEqual([cannotStart]);
});
