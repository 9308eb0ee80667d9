import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { startDoubles, type Doubles } from '@zekt/azure/testing';
import type { Environment } from '@zekt/host';
import { GitHubSimulator, makeAppKey } from '@zekt/simulator';
import { createClient } from '../client.ts';
import type { ServingZekt } from '../serve/start-zekt.ts';
import { until, workflow } from './fixture.ts';
import { sendMessage, setUp, startInstance } from './instances.ts';

let doubles: Doubles;
let github: GitHubSimulator;
let serving: ServingZekt[];

beforeEach(async () => {
  doubles = await startDoubles();
  github = await GitHubSimulator.start();
  serving = [];
});
afterEach(async () => {
  doubles.serviceBus.hasten();
  await Promise.all(serving.map((it) => it.stop()));
  await github.stop();
  await doubles.stop();
});

/** What an instance has of the vault: it keeps what it had when it started. */
async function instance(secrets: Environment): Promise<ServingZekt> {
  const started = await startInstance(github, { ...doubles.environment, ...secrets });
  serving.push(started);
  return started;
}

/**
 * Every step of the runbooks, with instances of the step before beside those of the step after, as while they are replaced. What this proves:
 * with the secrets that GitHub and operators use at each moment, none of them refuses a webhook or a call, and every run is dispatched.
 */
test('App key, webhook secret and management token are replaced while requests flow, and none is refused', async () => {
  const [key, nextKey] = [github.privateKey, makeAppKey()];
  const [hook, nextHook] = ['webhook-secret-1', 'webhook-secret-2'];
  const [token, nextToken] = [randomBytes(16).toString('hex'), randomBytes(16).toString('hex')];
  const before = { ZEKT_GITHUB_APP_PRIVATE_KEY: key, ZEKT_GITHUB_WEBHOOK_SECRET: hook, ZEKT_ADMIN_TOKEN: token };
  const previous = { ZEKT_GITHUB_WEBHOOK_SECRET_PREVIOUS: hook, ZEKT_ADMIN_TOKEN_PREVIOUS: token };
  const after = {
    ZEKT_GITHUB_APP_PRIVATE_KEY: nextKey,
    ZEKT_GITHUB_WEBHOOK_SECRET: nextHook,
    ZEKT_ADMIN_TOKEN: nextToken,
  };
  const first = await instance(before);
  const requests = await setUp(github, first, hook, token);

  /** A call, a message and a webhook by way of each instance, with what is in use outside. */
  let runs = 0;
  const flow = async (instances: readonly ServingZekt[], webhookSecret: string, adminToken: string) => {
    for (const { url } of instances) {
      github.sendWebhooksTo({ url: `${url}/api/github/webhooks`, secret: webhookSecret });
      await createClient({ ZEKT_URL: url, ZEKT_ADMIN_TOKEN: adminToken })('listServices', { query: {} });
      const run = github.startRun(requests, { workflow });
      expect(await sendMessage(github, url, run)).toBe(200);
      github.completeRun(run);
      await github.webhooks.settled();
      runs += 1;
      await until(() => github.world.dispatches.length === runs, `dispatch ${runs}`);
    }
    expect(github.webhooks.deliveries.filter(({ statusCode }) => statusCode >= 400)).toEqual([]);
  };

  await flow([first], hook, token);

  // The secrets in use are copied to those before, and the app is told to take both.
  const both = await instance({ ...before, ...previous });
  await flow([first, both], hook, token);
  await first.stop();
  // A token of an installation outlives the key that asked for it.
  await flow([both], hook, token);
  github.privateKeys.splice(0);
  await flow([both], hook, token);
  github.privateKeys.push(key, nextKey);

  // New ones are in the vault, and references are fetched anew.
  const renewed = await instance({ ...after, ...previous });
  await flow([both, renewed], hook, token);
  await both.stop();
  github.privateKeys.splice(0, 1);
  await flow([renewed], hook, token);
  // GitHub and those who manage have the new ones.
  await flow([renewed], nextHook, nextToken);
  const last = await instance(after);
  await flow([renewed, last], nextHook, nextToken);
  await renewed.stop();
  await flow([last], nextHook, nextToken);
  await expect(
    createClient({ ZEKT_URL: last.url, ZEKT_ADMIN_TOKEN: token })('listServices', { query: {} }),
  ).rejects.toMatchObject({ code: 'invalid_token' });
}, 120_000);
