import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '@zekt/core';
import { GitHubSimulator } from '@zekt/simulator';
import { RestGateway } from './gateway.ts';
import { readPrivateKey } from './private-key.ts';
import { redeliverMissedWebhooks } from './reconcile.ts';

let github: GitHubSimulator;
let gateway: RestGateway;
let receiver: Server;
let answer: number;
const seen: string[] = [];

beforeEach(async () => {
  github = await GitHubSimulator.start();
  gateway = new RestGateway({
    appId: github.appId,
    privateKey: readPrivateKey(github.privateKey),
    apiUrl: github.url,
    userAgent: 'zekt/test',
    clock: systemClock,
  });
  answer = 202;
  seen.length = 0;
  receiver = createServer((request, response) => {
    seen.push(String(request.headers['x-github-delivery']));
    response.writeHead(answer).end('{}');
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  github.sendWebhooksTo({ url: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`, secret: 's' });
});
afterEach(async () => {
  await github.stop();
  receiver.close();
});

const send = async (count: number, status: number): Promise<void> => {
  answer = status;
  for (let n = 0; n < count; n += 1) github.webhooks.send('ping', {});
  await github.webhooks.settled();
};

test('only what never arrived is sent again, over all pages', async () => {
  await send(120, 202);
  await send(3, 500);
  github.webhooks.weather = { lose: 1 };
  await send(2, 202);
  github.webhooks.weather = {};
  answer = 202;
  expect(await redeliverMissedWebhooks(gateway.app, Date.now())).toBe(5);
  await github.webhooks.settled();
  expect(seen).toHaveLength(128);
  expect(await redeliverMissedWebhooks(gateway.app, Date.now())).toBe(0);
});

test('what fails every time is given up after a few times', async () => {
  await send(1, 400);
  for (let n = 0; n < 10; n += 1) {
    await redeliverMissedWebhooks(gateway.app, Date.now());
    await github.webhooks.settled();
  }
  expect(seen).toHaveLength(5);
});
