import { connect } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ServiceBusClient, type ServiceBusReceivedMessage } from '@azure/service-bus';
import { ServiceBusDouble } from './service-bus-double.ts';

let now = Date.UTC(2026, 10, 22);
const alarms: { at: number; callback: () => void }[] = [];
const clock = {
  now: () => now,
  at(at: number, callback: () => void) {
    alarms.push({ at, callback });
    return () => undefined;
  },
};
const advance = (ms: number): void => {
  now += ms;
  for (const { at, callback } of alarms.splice(0)) {
    if (at <= now) callback();
    else alarms.push({ at, callback });
  }
};

let double: ServiceBusDouble;
let client: ServiceBusClient;
const retryOptions = { maxRetries: 3, retryDelayInMs: 20, timeoutInMs: 3000 };

beforeEach(async () => {
  alarms.length = 0;
  double = await ServiceBusDouble.start({
    clock,
    queues: {
      plain: { maxDeliveryCount: 3, duplicateWindowMs: 600_000 },
      runs: { requiresSession: true, lockMs: 5000 },
    },
  });
  client = new ServiceBusClient(double.connectionString, { retryOptions });
});
afterEach(async () => {
  await client.close();
  await double.stop();
});

const protocolHeader = '414d515000010000';
/** With a container id of `a` and nothing else (AMQP 1.0, 2.7.1). */
const open = '0000001102000000005310c00401a10161';
const emptyFrame = '0000000802000000';

const send = (
  queue: string,
  ...messages: { body: unknown; sessionId?: string; messageId?: string; scheduledEnqueueTimeUtc?: Date }[]
) => client.createSender(queue).sendMessages(messages);
const wait = { maxWaitTimeInMs: 300 };
const bodies = (messages: readonly ServiceBusReceivedMessage[]): unknown[] =>
  messages.map(({ body }) => body as unknown);
const code = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'done',
    (error: unknown) => (error as { code?: unknown }).code,
  );

test('messages are received in order, and complete takes them away', async () => {
  await send('plain', { body: 1 }, { body: { two: 2 } });
  const receiver = client.createReceiver('plain');
  const first = await receiver.receiveMessages(2, wait);
  expect(bodies(first)).toEqual([1, { two: 2 }]);
  for (const message of first) await receiver.completeMessage(message);
  expect(await receiver.receiveMessages(1, wait)).toEqual([]);
  expect(await receiver.peekMessages(10)).toEqual([]);
});

test('abandon brings a message back at once, and the last time into the dead-letter queue', async () => {
  await send('plain', { body: 'poison' });
  const receiver = client.createReceiver('plain');
  for (const deliveryCount of [0, 1, 2]) {
    const [message] = await receiver.receiveMessages(1, wait);
    if (!message) throw new Error('nothing came');
    expect(message.deliveryCount).toBe(deliveryCount);
    await receiver.abandonMessage(message);
  }
  const dead = await client.createReceiver('plain', { subQueueType: 'deadLetter' }).receiveMessages(1, wait);
  expect(dead[0]).toMatchObject({
    body: 'poison',
    deadLetterReason: 'MaxDeliveryCountExceeded',
    deadLetterSource: 'plain',
  });
});

test('a message is dead-lettered with its reason', async () => {
  await send('plain', { body: 1 });
  const receiver = client.createReceiver('plain');
  const [message] = await receiver.receiveMessages(1, wait);
  if (!message) throw new Error('nothing came');
  await receiver.deadLetterMessage(message, { deadLetterReason: 'no sense', deadLetterErrorDescription: 'at all' });
  const [dead] = await client.createReceiver('plain', { subQueueType: 'deadLetter' }).peekMessages(1);
  expect(dead).toMatchObject({ deadLetterReason: 'no sense', deadLetterErrorDescription: 'at all' });
});

test('a scheduled message comes at its time, and a repeated id within the window is one message', async () => {
  await send('plain', { body: 'later', messageId: 'a', scheduledEnqueueTimeUtc: new Date(now + 60_000) });
  await send('plain', { body: 'again', messageId: 'a' });
  const receiver = client.createReceiver('plain');
  expect(await receiver.receiveMessages(1, wait)).toEqual([]);
  expect(await receiver.peekMessages(10)).toHaveLength(1);
  advance(60_000);
  const [message] = await receiver.receiveMessages(1, wait);
  expect(message?.body).toBe('later');
  advance(600_000);
  await send('plain', { body: 'much later', messageId: 'a' });
  expect(bodies(await receiver.receiveMessages(2, wait))).toEqual(['much later']);
});

test('a session has one receiver at a time and keeps its order; the next free one is given in turn', async () => {
  await send('runs', { body: 1, sessionId: 'a' }, { body: 2, sessionId: 'a' }, { body: 3, sessionId: 'b' });
  const first = await client.acceptNextSession('runs');
  const second = await client.acceptNextSession('runs');
  expect([first.sessionId, second.sessionId].sort()).toEqual(['a', 'b']);
  expect(await code(client.acceptSession('runs', first.sessionId))).toBe('SessionCannotBeLocked');
  const inA = first.sessionId === 'a' ? first : second;
  expect(bodies(await inA.receiveMessages(5, wait))).toEqual([1, 2]);
});

test('a closed session is free at once', async () => {
  await send('runs', { body: 1, sessionId: 'a' });
  const first = await client.acceptNextSession('runs');
  await first.close();
  const second = await client.acceptSession('runs', 'a');
  expect(bodies(await second.receiveMessages(1, wait))).toEqual([1]);
});

test('who waits for a session gets the one that comes later', async () => {
  const waiting = client.acceptNextSession('runs');
  await send('runs', { body: 1, sessionId: 'late' });
  const receiver = await waiting;
  expect(receiver.sessionId).toBe('late');
});

test('a lost session lock refuses the settlement and gives the message to the next', async () => {
  await send('runs', { body: 1, sessionId: 'a' });
  const first = await client.acceptNextSession('runs');
  const [message] = await first.receiveMessages(1, wait);
  if (!message) throw new Error('nothing came');
  double.loseLocks('runs');
  while (!first.isClosed) await new Promise((resolve) => setImmediate(resolve));
  expect(await code(first.completeMessage(message))).toBe('SessionLockLost');
  const second = await client.acceptNextSession('runs');
  const [again] = await second.receiveMessages(1, wait);
  expect(again).toMatchObject({ body: 1, deliveryCount: 1 });
});

test('dropped connections and a busy server are got over by the SDK', async () => {
  const sender = client.createSender('plain');
  await sender.sendMessages({ body: 1 });
  double.dropConnections();
  let refusals = 2;
  double.isBusy = () => (refusals -= 1) >= 0;
  await sender.sendMessages({ body: 2 });
  expect(bodies(await client.createReceiver('plain').receiveMessages(2, wait))).toEqual([1, 2]);
});

test('whoever waits for a session is told that there is none when it is to hurry', async () => {
  // Its time would run out after ten minutes, and the test's before.
  const patient = new ServiceBusClient(double.connectionString, {
    retryOptions: { maxRetries: 0, timeoutInMs: 600_000 },
  });
  await patient.createSender('runs').sendMessages({ body: 1, sessionId: 'a' });
  await patient.acceptNextSession('runs');
  const waiting = code(patient.acceptNextSession('runs'));
  await code(patient.acceptSession('runs', 'a'));
  double.hasten();
  expect(await waiting).toBe('ServiceTimeout');
  expect(await code(patient.acceptNextSession('runs'))).toBe('ServiceTimeout');
  await patient.close();
});

test('a frame that needs no answer gets an empty one, which acknowledges it at once', async () => {
  const { hostname, port } = new URL(
    /Endpoint=(.*?);/.exec(double.connectionString)?.[1]?.replace('sb:', 'http:') ?? '',
  );
  const socket = connect(Number(port), hostname);
  const arrived: Buffer[] = [];
  let onData = (): void => undefined;
  socket.on('data', (chunk) => {
    arrived.push(chunk);
    onData();
  });
  const until = (bytes: string): Promise<void> =>
    new Promise((resolve) => {
      onData = () => {
        if (Buffer.concat(arrived).includes(bytes, 0, 'hex')) resolve();
      };
      onData();
    });
  socket.write(Buffer.from(protocolHeader + open, 'hex'));
  // The broker's own `open` frame.
  await until('005310');
  arrived.length = 0;
  socket.write(Buffer.from(emptyFrame, 'hex'));
  await until(emptyFrame);
  socket.destroy();
});

test('a wrong key, an unknown queue and a message without session are refused', async () => {
  const wrong = new ServiceBusClient(
    double.connectionString.replace(/SharedAccessKey=[^;]*/, 'SharedAccessKey=d3Jvbmc='),
    {
      retryOptions: { maxRetries: 0, timeoutInMs: 3000 },
    },
  );
  expect(await code(wrong.createSender('plain').sendMessages({ body: 1 }))).toBe('UnauthorizedAccess');
  await wrong.close();
  expect(await code(send('missing', { body: 1 }))).toBe('MessagingEntityNotFound');
  expect(await code(send('runs', { body: 1 }))).not.toBe('done');
});

test('a message of more than 256 kB is refused, with all that goes with it', async () => {
  const fits = 'x'.repeat(255 * 1024);
  await client.createSender('plain').sendMessages({ body: fits });
  expect(await code(client.createSender('plain').sendMessages({ body: `${fits}${'x'.repeat(2048)}` }))).toBe(
    'MessageSizeExceeded',
  );
  expect(double.traffic.of('plain')).toMatchObject({ sends: 2, sent: 1 });
});

test('what a queue was asked to do is counted', async () => {
  await send('runs', { body: 1, sessionId: 'a' }, { body: 2, sessionId: 'a' });
  const session = await client.acceptNextSession('runs');
  const [first, second] = await session.receiveMessages(2, wait);
  if (!first || !second) throw new Error('nothing came');
  await session.completeMessage(first);
  await session.deadLetterMessage(second);
  await client.createReceiver('runs', { subQueueType: 'deadLetter' }).peekMessages(10);
  expect(double.traffic.of('runs')).toEqual({
    sends: 1,
    sent: 2,
    received: 2,
    completed: 1,
    abandoned: 0,
    deadLettered: 1,
    sessions: 1,
    peeked: 0,
  });
  expect(double.traffic.total().peeked).toBe(1);
});
