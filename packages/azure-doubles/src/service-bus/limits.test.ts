import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ServiceBusClient } from '@azure/service-bus';
import { openEntraDoor } from '../identity/entra-door.ts';
import { IdentityDouble } from '../identity/identity-double.ts';
import { ServiceBusDouble } from './service-bus-double.ts';

let now = Date.now();
let alarms: { at: number; callback: () => void }[];
const clock = {
  now: () => now,
  at(at: number, callback: () => void) {
    const alarm = { at, callback };
    alarms.push(alarm);
    return () => void (alarms = alarms.filter((it) => it !== alarm));
  },
};
const advance = (ms: number): void => {
  now += ms;
  for (const { at, callback } of alarms.splice(0)) {
    if (at <= now) callback();
    else alarms.push({ at, callback });
  }
};

let identity: IdentityDouble;
let double: ServiceBusDouble;
let client: ServiceBusClient;
const opened: ServiceBusClient[] = [];
const retryOptions = { maxRetries: 0, timeoutInMs: 2000 };

beforeEach(async () => {
  alarms = [];
  identity = await IdentityDouble.ofProcess({ now: () => now, lifetimeMs: 60_000 });
  double = await ServiceBusDouble.start({
    clock,
    queues: { plain: {}, small: { maxSizeBytes: 2000 } },
    entra: await openEntraDoor(identity),
  });
  client = new ServiceBusClient(double.connectionString, { retryOptions });
});
afterEach(async () => {
  await Promise.all([client, ...opened.splice(0)].map((it) => it.close()));
  await double.stop();
});

const refusal = (work: Promise<unknown>): Promise<{ code?: unknown; message?: string }> =>
  work.then(
    () => ({}),
    (error: unknown) => error as { code?: unknown; message?: string },
  );

test('messages that fit one by one, and not together, are refused as a batch', async () => {
  const messages = Array.from({ length: 6 }, () => ({ body: 'x'.repeat(50 * 1024) }));
  const sender = client.createSender('plain');
  expect((await refusal(sender.sendMessages(messages))).code).toBe('MessageSizeExceeded');
  const batch = await sender.createMessageBatch();
  expect(messages.filter((message) => batch.tryAddMessage(message))).toHaveLength(5);
  await sender.sendMessages(batch);
});

test('what needs more credits than there are in a second is refused as busy, with the advice to wait two seconds', async () => {
  double.credits.perSecond = 10;
  now -= now % 1000;
  const sender = client.createSender('plain');
  for (let n = 0; n < 2; n += 1) await sender.sendMessages(Array.from({ length: 5 }, (_, body) => ({ body })));
  const { code, message } = await refusal(sender.sendMessages({ body: 'late' }));
  expect(code).toBe('ServiceBusy');
  expect(message).toContain('wait 2 seconds');
  expect((await refusal(client.createReceiver('plain').peekMessages(1))).code).toBe('ServiceBusy');
  now += 1000;
  await sender.sendMessages({ body: 'later' });
});

test('whoever sends while others do is told whether his own message was refused', async () => {
  const sender = client.createSender('plain');
  await sender.sendMessages({ body: 0 });
  let asked = 0;
  double.isBusy = () => (asked += 1) % 2 === 0;
  const sent = await Promise.allSettled([1, 2, 3, 4].map((body) => sender.sendMessages({ body })));
  expect(sent.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected']);
  const kept = await client.createReceiver('plain').peekMessages(10);
  expect(kept.map(({ body }) => body as unknown)).toEqual([0, 1, 3]);
});

test('a full queue takes nothing more until something was taken out', async () => {
  const sender = client.createSender('small');
  for (let n = 0; n < 2; n += 1) await sender.sendMessages({ body: 'x'.repeat(1000) });
  expect((await refusal(sender.sendMessages({ body: 1 }))).code).toBe('QuotaExceeded');
  await client
    .createReceiver('small', { receiveMode: 'receiveAndDelete' })
    .receiveMessages(2, { maxWaitTimeInMs: 200 });
  await sender.sendMessages({ body: 1 });
});

test('a message whose lock is lost is refused its settlement, and comes again with one more delivery', async () => {
  await client.createSender('plain').sendMessages({ body: 1 });
  const receiver = client.createReceiver('plain');
  const receive = async () => (await receiver.receiveMessages(1, { maxWaitTimeInMs: 500 }))[0];
  const message = await receive();
  if (!message) throw new Error('nothing came');
  double.loseLocks('plain');
  expect((await refusal(receiver.completeMessage(message))).code).toBe('MessageLockLost');
  expect(await receive()).toMatchObject({ body: 1, deliveryCount: 1 });
});

/** Tokens that the identity gives out, of which the SDK is told that they are good for long: it does not renew them. */
async function tokenFor(resource: string): Promise<string> {
  const { IDENTITY_ENDPOINT, IDENTITY_HEADER } = identity.environment;
  const url = `${IDENTITY_ENDPOINT}?resource=${encodeURIComponent(resource)}&api-version=2019-08-01`;
  const answer = await fetch(url, { headers: { 'x-identity-header': IDENTITY_HEADER } });
  return ((await answer.json()) as { access_token: string }).access_token;
}
const withTokens = (resource: string): ServiceBusClient => {
  const getToken = async () => ({ token: await tokenFor(resource), expiresOnTimestamp: Date.now() + 3_600_000 });
  const made = new ServiceBusClient(double.secureNamespace, { getToken }, { retryOptions });
  opened.push(made);
  return made;
};
const serviceBus = 'https://servicebus.azure.net/';

test('a link whose token was not renewed is detached when it expires, and a new token opens a new one', async () => {
  const receiver = withTokens(serviceBus).createReceiver('plain');
  const errors: unknown[] = [];
  receiver.subscribe({
    processMessage: async () => undefined,
    processError: async ({ error }) => void errors.push((error as { code?: unknown }).code),
  });
  const sender = withTokens(serviceBus).createSender('plain');
  await sender.sendMessages({ body: 1 });
  const before = double.tokens;
  advance(61_000);
  while (errors.length === 0) await new Promise((resolve) => setImmediate(resolve));
  expect(errors[0]).toBe('UnauthorizedAccess');
  while (double.tokens === before) await new Promise((resolve) => setImmediate(resolve));
});

test.each([
  ['for another service', async () => withTokens('https://vault.azure.net/')],
  [
    'that is expired',
    async () => {
      identity.lifetimeMs = -60_000;
      return withTokens(serviceBus);
    },
  ],
])('a token %s opens nothing', async (_, connect) => {
  const sender = (await connect()).createSender('plain');
  expect((await refusal(sender.sendMessages({ body: 1 }))).code).toBe('UnauthorizedAccess');
});
