import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openAzure, readAzureSettings, restartDelayMs, ReturnLater, type Azure } from '@zekt/azure';
import { startDoubles, type Doubles } from '@zekt/azure/testing';
import { decides, done, noTelemetry, queues, silentLog, type Handler, type QueueName, type Received } from '@zekt/core';
import { eventually, ManualClock } from '@zekt/core/testing';
import { handleMessage, type MessageHandling } from './handle-message.ts';

let clock: ManualClock;
let doubles: Doubles;
let azure: Azure;
let returnLater: ReturnLater;
let handled: Received[];

beforeEach(async () => {
  clock = new ManualClock();
  doubles = await startDoubles({ clock });
  const settings = readAzureSettings(doubles.environment, []);
  if (!settings) throw new Error('the doubles have no settings');
  azure = await openAzure(settings, silentLog, clock);
  returnLater = new ReturnLater({ environment: { ServiceBus: doubles.environment.ServiceBus }, clock });
  handled = [];
});
afterEach(async () => {
  await returnLater.close();
  await azure.close();
  await doubles.stop();
});

const remember: Handler = decides(async (message) => {
  handled.push(message);
  return done;
});
const handlers = Object.fromEntries(queues.map((queue) => [queue, remember])) as Record<QueueName, Handler>;
const cannotOpen = async (): Promise<never> => {
  throw new Error('ZEKT_GITHUB_APP_KEY is not readable');
};
const handling = (open: MessageHandling['open']): MessageHandling => ({
  queue: 'track',
  open,
  returnLater,
  traceparent: null,
});
const body = (extra: object = {}): object => ({
  v: 1,
  message: { queue: 'track', id: 'message-1', session: 'session-1', body: {}, copy: 0, failures: 0, ...extra },
});

test('a message is handled by the app', async () => {
  await handleMessage(
    handling(async () => ({ azure, handlers, log: silentLog, telemetry: noTelemetry })),
    body(),
    1,
  );
  expect(handled).toMatchObject([{ id: 'message-1', deliveryCount: 1 }]);
});

test('while the app can not start, a message goes back with a delay, and no try is counted', async () => {
  await handleMessage(handling(cannotOpen), body(), 1);
  expect(await azure.bus.depth('track')).toEqual({ waiting: 1, dead: 0 });
  const consumer = azure.bus.consume('track', remember, { sessions: 1 });
  clock.advance(restartDelayMs - 1);
  expect(handled).toEqual([]);
  clock.advance(1);
  await eventually(() => handled.length === 1, 'it comes again');
  await consumer.stop();
  expect(handled).toMatchObject([{ id: 'message-1', session: 'session-1', deliveryCount: 1 }]);
});

test('when the bus can not be reached either, the message is given back', async () => {
  const broken = new ReturnLater({ environment: {}, clock });
  await expect(handleMessage({ ...handling(cannotOpen), returnLater: broken }, body(), 1)).rejects.toThrow(
    'ServiceBus',
  );
});

test('what was given up, and what is no message of ours, is refused also while the app can not start', async () => {
  await expect(handleMessage(handling(cannotOpen), body({ condemned: 'poison' }), 1)).rejects.toThrow();
  await expect(handleMessage(handling(cannotOpen), { hello: 'world' }, 1)).rejects.toThrow('not a message of Zekt');
  expect(await azure.bus.depth('track')).toEqual({ waiting: 0, dead: 0 });
});
