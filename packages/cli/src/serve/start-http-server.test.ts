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
