import { Agent, get } from 'node:http';
import { expect, test } from '@jest/globals';
import { startHttpServer } from './start-http-server.ts';

test('a stop finishes what is in hand, tells the client to go, and takes nothing more on that connection', async () => {
  let answer = (): void => undefined;
  let arrived = (): void => undefined;
  const inHand = new Promise<void>((resolve) => (arrived = resolve));
  const server = await startHttpServer(
    (_, outgoing) => {
      answer = () => outgoing.end('done');
      arrived();
    },
    { host: '127.0.0.1', port: 0 },
  );
  const agent = new Agent({ keepAlive: true });
  const response = new Promise<string | undefined>((resolve, reject) => {
    get(server.url, { agent }, (it) => it.resume().on('end', () => resolve(it.headers.connection))).on('error', reject);
  });
  await inHand;
  const stopped = server.stop(60_000);
  answer();
  expect(await response).toBe('close');
  await stopped;
  agent.destroy();
});

test('a request that comes on an open connection during a stop is answered, and closes that connection', async () => {
  const server = await startHttpServer((_, outgoing) => outgoing.end('done'), { host: '127.0.0.1', port: 0 });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ask = (): Promise<string | undefined> =>
    new Promise((resolve, reject) => {
      get(server.url, { agent }, (it) => it.resume().on('end', () => resolve(it.headers.connection))).on(
        'error',
        reject,
      );
    });
  expect(await ask()).toBe('keep-alive');
  const stopped = server.stop(60_000, 60_000);
  expect(await ask()).toBe('close');
  await stopped;
  await expect(ask()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  agent.destroy();
});

test('connections without a request are closed at the end of the quiet time, and at once without one', async () => {
  const server = await startHttpServer((_, outgoing) => outgoing.end('done'), { host: '127.0.0.1', port: 0 });
  const agent = new Agent({ keepAlive: true });
  await new Promise((resolve) => get(server.url, { agent }, (it) => it.resume().on('end', resolve)));
  await server.stop(60_000, 1);
  agent.destroy();
});
