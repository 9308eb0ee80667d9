// The runbooks of docs/how-to/recover-on-azure.md, as far as doubles go.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { backUp, startDoubles, type Doubles } from '@zekt/azure/testing';
import type { QueueName } from '@zekt/core';
import type { Environment, Ports } from '@zekt/host';
import { GitHubSimulator, type Repository, type WorkflowRun } from '@zekt/simulator';
import { createClient } from '../client.ts';
import type { ServingZekt } from '../serve/start-zekt.ts';
import { aMoment, until, workflow } from './fixture.ts';
import { sendMessage, setUp, startInstance } from './instances.ts';
import { runZekt } from './run-zekt.ts';

const secret = 'webhook-secret';
const adminToken = 'management-token-0123456789';
let doubles: Doubles;
let others: Doubles;
let github: GitHubSimulator;
let serving: ServingZekt | null;
let requests: Repository;

beforeEach(async () => {
  [doubles, others] = await Promise.all([startDoubles(), startDoubles()]);
  github = await GitHubSimulator.start();
  serving = null;
});
afterEach(async () => {
  await stop();
  await github.stop();
  await Promise.all([doubles.stop(), others.stop()]);
});

async function stop(): Promise<void> {
  for (const { serviceBus } of [doubles, others]) serviceBus.hasten();
  await serving?.stop();
  serving = null;
}

/** Takes the place of the instance before. @param works whether it works on a queue */
async function serve(
  environment: Environment,
  works: (queue: QueueName) => boolean = () => true,
): Promise<ServingZekt> {
  await stop();
  const wrap = (ports: Ports): Ports => ({
    ...ports,
    bus: {
      ...ports.bus,
      consume: (queue, handler, options) =>
        works(queue) ? ports.bus.consume(queue, handler, options) : { stop: async () => undefined },
    },
  });
  const secrets = { ZEKT_GITHUB_WEBHOOK_SECRET: secret, ZEKT_ADMIN_TOKEN: adminToken };
  serving = await startInstance(github, { ...environment, ...secrets }, wrap);
  github.sendWebhooksTo({ url: `${serving.url}/api/github/webhooks`, secret });
  return serving;
}

const clientEnvironment = () => ({ ZEKT_URL: serving?.url ?? '', ZEKT_ADMIN_TOKEN: adminToken });
const start = (): WorkflowRun => github.startRun(requests, { workflow });
const send = async (run: WorkflowRun): Promise<void> =>
  expect(await sendMessage(github, serving?.url ?? '', run)).toBe(200);
const complete = async (run: WorkflowRun): Promise<void> => {
  github.completeRun(run);
  await github.webhooks.settled();
};
/** Delivery ids of what GitHub has taken, by run. */
const dispatched = (run: WorkflowRun): string[] =>
  github.world.dispatches
    .map(({ clientPayload }) => clientPayload._zekt as { deliveryId: string; correlationId: string })
    .filter(({ correlationId }) => correlationId === `${run.repository.id}:${run.id}:${run.attempt}`)
    .map(({ deliveryId }) => deliveryId);
const redrive = async (): Promise<string> =>
  (await runZekt(['redrive', '--since', '1h', '--webhooks'], clientEnvironment())).stdout;

test('a namespace is lost with what was on its way: after a redrive all of it has arrived, once', async () => {
  requests = await setUp(github, await serve(doubles.environment), secret, adminToken);
  const [done, decided, late, kept, alone] = [start(), start(), start(), start(), start()];
  await send(done);
  await complete(done);
  await until(() => dispatched(done).length === 1, 'the first arrives');

  await serve(doubles.environment, (queue) => queue !== 'dispatch');
  for (const run of [decided, late]) {
    await send(run);
    await complete(run);
    const correlationId = `${run.repository.id}:${run.id}:${run.attempt}`;
    const client = createClient(clientEnvironment());
    await until(async () => (await client('getRun', { params: { correlationId } })).deliveries === 1, 'a decision');
  }
  await serve(doubles.environment, () => false);
  await send(late);
  await send(kept);
  await complete(kept);
  await complete(alone);

  await serve({ ...doubles.environment, ServiceBus: others.environment.ServiceBus });
  expect(await redrive()).toMatch(/^4 runs and \d+ webhooks since .* are gone over again\n$/);
  await until(() => github.world.dispatches.length >= 6, 'all arrive');
  await aMoment();
  expect([done, decided, late, kept, alone].map((run) => dispatched(run).length)).toEqual([1, 1, 2, 1, 1]);
  const ids = github.world.dispatches.map(
    ({ clientPayload }) => (clientPayload._zekt as { deliveryId: string }).deliveryId,
  );
  expect(new Set(ids).size).toBe(6);
});

test('the store is restored to an earlier time: what was done since is done again under the same ids, and nothing else', async () => {
  requests = await setUp(github, await serve(doubles.environment), secret, adminToken);
  const [before, across, after] = [start(), start(), start()];
  await send(before);
  await complete(before);
  await until(() => dispatched(before).length === 1, 'the first arrives');
  const client = createClient(clientEnvironment());
  const [deliveryId = ''] = dispatched(before);
  await until(
    async () => (await client('getDelivery', { params: { deliveryId } })).state === 'dispatched',
    'it is recorded',
  );
  await send(across);

  const backup = await backUp(doubles);
  await complete(across);
  await send(after);
  await until(() => dispatched(across).length === 1, 'the second arrives');

  await backup.restoreInto(others);
  await serve({ ...doubles.environment, Cosmos: others.environment.Cosmos });
  await redrive();
  await until(() => dispatched(across).length === 2, 'the second arrives again');
  // The message of the third is gone; its run is told of alone, as one without a message.
  await complete(after);
  await until(() => dispatched(after).length === 1, 'the third run is told of');
  await aMoment();
  expect(dispatched(before)).toHaveLength(1);
  expect(new Set(dispatched(across)).size).toBe(1);
  const { queues } = await createClient(clientEnvironment())('getStats', {});
  expect(Object.values(queues).map(({ dead }) => dead)).toEqual(Object.values(queues).map(() => 0));
});
