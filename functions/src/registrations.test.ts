import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from '@jest/globals';
import { operations } from '@zekt/contracts';
import { queues } from '@zekt/core';
import { functionCount } from './function-count.ts';

interface Trigger {
  readonly type: string;
  readonly [option: string]: unknown;
}

const repository = new URL('../../', import.meta.url);
const path = (name: string): string => fileURLToPath(new URL(name, repository));
let triggers: ReadonlyMap<string, Trigger>;

/** The built file, loaded by a worker in a process of its own. */
beforeAll(() => {
  triggers = register({});
});

function register(settings: Readonly<Record<string, string>>): ReadonlyMap<string, Trigger> {
  const listed = execFileSync(
    process.execPath,
    [path('packages/azure-doubles/src/functions/main.ts'), path('functions/dist/index.cjs'), '--list'],
    { env: { PATH: process.env.PATH ?? '', ...settings }, encoding: 'utf8' },
  );
  const registrations = JSON.parse(listed) as {
    name: string;
    bindings: Record<string, Trigger>;
    retryOptions?: object;
  }[];
  return new Map(
    registrations.map(({ name, bindings, retryOptions }) => {
      const trigger = Object.values(bindings).find(({ type }) => type.endsWith('Trigger'));
      return [name, { ...trigger, retryOptions } as unknown as Trigger];
    }),
  );
}

test('every route of the API is a function of its own, and nothing else is reachable but what says so', () => {
  const expected = Object.entries(operations).map(([name, { method, path: route }]) => [
    name,
    { methods: method === 'GET' ? ['GET', 'HEAD'] : [method], route: route.slice(1), authLevel: 'anonymous' },
  ]);
  const http = [...triggers].filter(([, { type }]) => type === 'httpTrigger');
  expect(Object.fromEntries(http)).toMatchObject(Object.fromEntries(expected) as object);
  expect(http.map(([name]) => name).sort()).toEqual([...Object.keys(operations), 'noSuchRoute'].sort());
  expect(triggers.get('noSuchRoute')).toMatchObject({ route: '{*path}' });
});

test('every queue has its function, with sessions and an identity-based connection', () => {
  const found = [...triggers].filter(([, { type }]) => type === 'serviceBusTrigger');
  expect(found.map(([name]) => name).sort()).toEqual([...queues].sort());
  for (const [name, trigger] of found) {
    expect(trigger).toMatchObject({ queueName: name, isSessionsEnabled: true, connection: 'ServiceBus' });
  }
});

test('the outbox is relayed by the change feed, which does not go on past a failure', () => {
  expect(triggers.get('relayOutbox')).toMatchObject({
    type: 'cosmosDBTrigger',
    connection: 'Cosmos',
    databaseName: 'zekt',
    containerName: 'state',
    leaseContainerName: 'leases',
    retryOptions: { maxRetryCount: -1, retryStrategy: 'exponentialBackoff' },
  });
});

test('the timers, and no function more', () => {
  const timers = [...triggers].filter(([, { type }]) => type === 'timerTrigger');
  expect(Object.fromEntries(timers)).toMatchObject({
    reconcileWebhooks: { schedule: '0 */5 * * * *' },
    sweepOutbox: { schedule: '20 * * * * *' },
    sweepMessages: { schedule: '40 */5 * * * *' },
    watchHealth: { schedule: '50 */5 * * * *' },
  });
  expect(triggers.size).toBe(functionCount);
});

test('GitHub is asked for missed webhooks as often as a setting says, and no function goes missing for it', () => {
  const registered = register({ ZEKT_RECONCILE_EVERY: '10m' });
  expect(registered.get('reconcileWebhooks')).toMatchObject({ schedule: '0 */10 * * * *' });
  expect(register({ ZEKT_RECONCILE_EVERY: '0ms' }).size).toBe(triggers.size);
});
