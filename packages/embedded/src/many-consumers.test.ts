import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  acceptMessage,
  acceptWebhook,
  applyResources,
  FairPace,
  getRun,
  handlers,
  lanesPerPageOf,
  listDeliveriesOfRun,
  manager,
  queues,
  type Consumer,
} from '@zekt/core';
import { eventually, loopOn, ManualClock, type Loop } from '@zekt/core/testing';
import { deliveryIdIn, gitHub, issuer, messageOf, provider, resourcesOf, run, runWebhook } from './one-run.ts';
import { openEmbedded, type Embedded } from './open-embedded.ts';

// More than fit onto one page of a plan, and than are hinted at in one outcome.
const count = 1200;
let clock: ManualClock;
let embedded: Embedded;
let loop: Loop;
let workers: Consumer[];
const dispatched: string[] = [];

const consumer = (name: string) => {
  const n = Number(/\d+$/.exec(name)?.[0] ?? 0);
  return { ...provider, id: String(10_000 + n), ownerId: '22', fullName: name, owner: 'contoso', installationId: '2' };
};
const subscription = (n: number): object => ({
  apiVersion: 'zekt.dev/v1',
  kind: 'Subscription',
  metadata: { name: `many-${n}` },
  spec: { service: 'acme/ordered', repository: `contoso/many-${n}`, state: 'approved', eventTypes: ['*'] },
});

beforeAll(async () => {
  clock = new ManualClock();
  embedded = openEmbedded(':memory:', clock);
  const github = {
    ...gitHub(async (request) => {
      dispatched.push(deliveryIdIn(request));
      return { kind: 'accepted', status: 204 };
    }),
    findRepository: async (name: string) => (name === provider.fullName ? provider : consumer(name)),
  };
  const { store, bus } = embedded;
  const context = { store, github, issuer, nowMs: clock.now(), dryRun: false };
  await applyResources(context, resourcesOf([]), manager);
  for (let start = 0; start < count; start += 400)
    await applyResources(
      context,
      Array.from({ length: 400 }, (_, n) => subscription(start + n)),
      manager,
    );
  const pace = new FairPace({ perMinute: 1e9, burst: 1e9 }, async () => null);
  loop = loopOn({ store, bus, clock, github, issuer, changes: { pace } });
  workers = queues.map((queue) => bus.consume(queue, handlers(loop)[queue], { sessions: 4 }));
});
afterAll(async () => {
  await Promise.all(workers.map((worker) => worker.stop()));
  await embedded.close();
});

test('each of many consumers gets a run once, and its plan goes on over pages', async () => {
  await acceptMessage(loop, messageOf(0), clock.now());
  await acceptWebhook(loop, runWebhook('completed', 'guid'), clock.now());
  await eventually(() => dispatched.length === count, 'all are dispatched');
  expect(new Set(dispatched).size).toBe(count);
  expect((await getRun(embedded.store, run))?.body).toMatchObject({ furtherPages: 1, deliveries: count });
});

test('a message that comes later goes to each of them, too', async () => {
  dispatched.length = 0;
  await acceptMessage(loop, messageOf(1), clock.now());
  await eventually(() => dispatched.length === count, 'all are dispatched');
  expect(new Set(dispatched).size).toBe(count);
});

test('the deliveries of the run are listed page by page, each once', async () => {
  const listed: string[] = [];
  let after: string | undefined;
  do {
    const page = await listDeliveriesOfRun(loop, run, { after, limit: 100 });
    listed.push(...page.items.map(({ deliveryId }) => deliveryId));
    after = page.next ?? undefined;
  } while (after !== undefined);
  expect(listed).toHaveLength(2 * count);
  expect(new Set(listed).size).toBe(2 * count);
});

test('the more a run delivers, the fewer subscriptions are on a page: it stays below what a document may have', () => {
  for (const items of [1, 100, 1000, 10_000]) {
    const bytes = JSON.stringify(Array.from({ length: items }, (_, n) => n)).length + 300;
    expect(lanesPerPageOf(items) * bytes).toBeLessThan(1_900_000);
  }
});
