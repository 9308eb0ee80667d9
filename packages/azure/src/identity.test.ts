import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { IdentityDoubleOptions } from '@zekt/azure-doubles';
import { complete, decides, silentLog } from '@zekt/core';
import { eventually, ManualClock } from '@zekt/core/testing';
import { credentialOf } from './credential-of.ts';
import { startDoubles, type Doubles } from './on-doubles.ts';
import { openAzure, type Azure } from './open-azure.ts';
import { readAzureSettings } from './settings.ts';

// As in Azure: no keys, tokens of a managed identity that expire, given out by the endpoint that the host tells of.

const minuteMs = 60_000;
/** What the SDK for Service Bus leaves to itself: it puts the next token so long before the last one expires. */
const marginMs = 2 * minuteMs;

let clock: ManualClock;
let doubles: Doubles;
const opened: Azure[] = [];

async function start(identity: IdentityDoubleOptions): Promise<Azure> {
  doubles = await startDoubles({ clock, identity });
  Object.assign(process.env, doubles.identity?.environment);
  return open();
}
async function open(): Promise<Azure> {
  // The SDK remembers tokens by client for as long as the process lives.
  const settings = readAzureSettings({ ...doubles.identityEnvironment, AZURE_CLIENT_ID: randomUUID() }, []);
  if (!settings) throw new Error('the doubles have no settings');
  const azure = await openAzure(settings, silentLog, clock);
  opened.push(azure);
  return azure;
}

beforeEach(() => {
  clock = new ManualClock(Date.now());
});
afterEach(async () => {
  jest.useRealTimers();
  doubles.serviceBus.hasten();
  await Promise.all(opened.splice(0).map((azure) => azure.close()));
  await doubles.stop();
});

const write = (azure: Azure, name: string) =>
  azure.store.commit({ partition: name, writes: [{ kind: 'put', id: 'state', body: { name } }] });

test('store and bus are reached with tokens of the managed identity, and all clients of a process share one credential', async () => {
  const azure = await start({ now: () => clock.now() });
  await write(azure, 'a');
  expect((await azure.store.get('a', 'state'))?.body).toEqual({ name: 'a' });
  await azure.bus.publish([{ queue: 'track', id: 'm', session: 's', body: {} }]);
  const consumer = azure.bus.consume(
    'track',
    decides(async () => ({ settlement: complete })),
    { sessions: 2 },
  );
  await eventually(async () => (await azure.bus.depth('track')).waiting === 0, 'it is handled');
  doubles.serviceBus.hasten();
  await consumer.stop();
  // One for Cosmos DB, one for Service Bus: whoever asks for more gets what was asked for before.
  expect(doubles.identity?.issued).toBe(2);
  expect(credentialOf({ clientId: null })).toBe(credentialOf({ clientId: null }));
});

test('a token for the store is renewed before it expires', async () => {
  // The SDKs tell the time by themselves: here all of them by our clock.
  jest.useFakeTimers({
    now: clock.now(),
    doNotFake: [
      'hrtime',
      'nextTick',
      'performance',
      'queueMicrotask',
      'setImmediate',
      'clearImmediate',
      'setInterval',
      'clearInterval',
      'setTimeout',
      'clearTimeout',
    ],
  });
  const azure = await start({ now: () => Date.now(), lifetimeMs: 60 * minuteMs });
  const statuses: number[] = [];
  doubles.cosmos.onAnswer = ({ status }) => statuses.push(status);
  for (let n = 0; n < 12; n += 1) {
    await write(azure, `p${n}`);
    expect((await azure.store.get(`p${n}`, 'state'))?.body).toEqual({ name: `p${n}` });
    jest.setSystemTime(Date.now() + 20 * minuteMs);
  }
  expect(statuses).not.toContain(401);
  expect(doubles.identity?.issued).toBeGreaterThanOrEqual(4);
});

test('an expired token is refused by the store', async () => {
  const azure = await start({ now: () => clock.now(), lifetimeMs: -minuteMs });
  await expect(write(azure, 'a')).rejects.toThrow('The AAD token is expired');
});

test('a token for the bus is put again before it expires, and links that were open go on', async () => {
  const azure = await start({ now: () => clock.now(), lifetimeMs: marginMs + 1500 });
  await azure.bus.publish([{ queue: 'track', id: 'a', session: 's', body: {} }]);
  const before = doubles.serviceBus.tokens;
  if (doubles.identity) doubles.identity.lifetimeMs = 60 * minuteMs;
  await eventually(() => doubles.serviceBus.tokens > before, 'it is put again');
  // The first one would have expired by now.
  clock.advance(5 * minuteMs);
  await azure.bus.publish([{ queue: 'track', id: 'b', session: 's', body: {} }]);
  expect((await azure.bus.depth('track')).waiting).toBe(2);
});

test('tokens that were not renewed in time have all links detached; with new ones what was sent is worked on', async () => {
  const azure = await start({ now: () => clock.now() });
  const handled: string[] = [];
  const consumer = azure.bus.consume(
    'track',
    decides(async ({ id }) => {
      handled.push(id);
      return { settlement: complete };
    }),
    { sessions: 2 },
  );
  await azure.bus.publish([{ queue: 'track', id: 'a', session: 's', body: {} }]);
  await eventually(() => handled.includes('a'), 'the first is handled');
  doubles.serviceBus.expireTokens();
  await azure.bus.publish([{ queue: 'track', id: 'b', session: 's', body: {} }]);
  await eventually(() => handled.includes('b'), 'the second is handled');
  doubles.serviceBus.hasten();
  await consumer.stop();
});
