import { expect, test } from '@jest/globals';
import { freePort } from './free-port.ts';
import { startHttpServer } from './start-http-server.ts';

test('a port that is taken becomes any, one that is free stays', async () => {
  const server = await startHttpServer(() => undefined, { host: '127.0.0.1', port: 0 });
  expect(await freePort('127.0.0.1', server.port)).toBe(0);
  await server.stop(0);
  expect(await freePort('127.0.0.1', server.port)).toBe(server.port);
});
