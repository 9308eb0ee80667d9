// Dispatch asks for the right itself, whatever the plan of the run says: between the two, time has passed.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  acceptMessage,
  acceptWebhook,
  applyResources,
  decideSubscription,
  done,
  findSubscription,
  handlers,
  listDeliveries,
  manager,
  noteRepository,
  queues,
  repositoryRef,
  type Consumer,
  type DispatchAnswer,
  type DispatchRequest,
  type SendWork,
  type Settlement,
} from '@zekt/core';
import { eventually, loopOn, ManualClock, type Loop } from '@zekt/core/testing';
import { consumers, gitHub, issuer, messageOf, nameOf, resourcesOf, runWebhook } from './one-run.ts';
import { openEmbedded, type Embedded } from './open-embedded.ts';

let clock: ManualClock;
let embedded: Embedded;
let loop: Loop;
let worker: Consumer[];
let asked: DispatchRequest[];
let answer: DispatchAnswer;
const consumer = consumers[0] ?? { id: '', fullName: '' };
const ref = repositoryRef(issuer, consumer.id);

beforeEach(async () => {
  clock = new ManualClock();
  embedded = openEmbedded(':memory:', clock);
  asked = [];
  answer = { kind: 'accepted', status: 204 };
  const github = gitHub(async (request) => {
    asked.push(request);
    return answer;
  });
  const { store, bus } = embedded;
  await applyResources({ store, github, issuer, nowMs: clock.now(), dryRun: false }, resourcesOf([['*']]), manager);
  loop = loopOn({ store, bus, clock, github, issuer });
  worker = [];
});
afterEach(async () => {
  await Promise.all(worker.map((it) => it.stop()));
  await embedded.close();
});

/** The run is decided while nothing is dispatched yet. */
async function decide(): Promise<void> {
  const work = handlers(loop);
  worker = queues
    .filter((queue) => queue !== 'dispatch')
    .map((queue) => embedded.bus.consume(queue, work[queue], { sessions: 4 }));
  await acceptMessage(loop, messageOf(0), clock.now());
  await acceptWebhook(loop, runWebhook('completed', 'guid'), clock.now());
  await eventually(async () => (await embedded.bus.depth('dispatch')).waiting === 1, 'the run is decided');
}
function dispatch(): void {
  worker.push(embedded.bus.consume('dispatch', handlers(loop).dispatch, { sessions: 4 }));
}
async function outcome(): Promise<{ readonly state: string; readonly reason: string | null }> {
  await eventually(async () => (await embedded.bus.depth('dispatch')).waiting === 0, 'something has come of it');
  const { items } = await listDeliveries(loop, clock.now(), { limit: 10 });
  const [delivery] = items;
  return { state: delivery?.state ?? '', reason: delivery?.reason ?? null };
}
const subscription = async () => (await findSubscription(embedded.store, nameOf(0)))?.body;

test('what is still approved is sent, to the owner who was approved', async () => {
  await decide();
  dispatch();
  expect(await outcome()).toEqual({ state: 'dispatched', reason: null });
  expect(asked).toMatchObject([{ repositoryId: consumer.id, ownerId: '22' }]);
});

test('nothing waiting is sent to a consumer that has another owner by now, before anybody has suspended its right', async () => {
  await decide();
  await noteRepository(embedded.store, ref, clock.now(), {
    ownerId: '66',
    owner: 'mallory',
    fullName: 'mallory/consumer-0',
  });
  dispatch();
  const { state, reason } = await outcome();
  expect(state).toBe('cancelled');
  expect(reason).toContain('another owner');
  expect(asked).toEqual([]);
});

test("GitHub's own word that a repository was transferred ends the right, although no webhook has told so", async () => {
  const moved = { ...consumer, ownerId: '66', owner: 'mallory' };
  loop = { ...loop, github: { ...loop.github, findRepository: async () => moved as never } };
  answer = {
    kind: 'refused',
    status: null,
    reason: 'The repository now belongs to another account.',
    transferred: true,
  };
  await decide();
  dispatch();
  expect((await outcome()).state).toBe('deadlettered');
  await eventually(async () => (await subscription())?.state === 'suspended', 'the right is suspended');
});

test('a right that was taken back after the decision gives nothing', async () => {
  await decide();
  await decideSubscription(
    embedded.store,
    nameOf(0),
    { state: 'revoked', by: 'operator', side: 'operator' },
    clock.now(),
  );
  dispatch();
  expect(await outcome()).toEqual({ state: 'cancelled', reason: 'The subscription is revoked.' });
  expect(asked).toEqual([]);
});

test('what waits for a suspended installation goes on when it works again, in whatever order that is learnt', async () => {
  answer = { kind: 'suspended', reason: 'The installation is suspended.' };
  await decide();
  dispatch();
  expect((await outcome()).state).toBe('held');
  answer = { kind: 'accepted', status: 204 };
  await acceptWebhook(
    loop,
    {
      hook: 'integration-1',
      guid: 'unsuspended',
      event: 'installation',
      payload: {
        action: 'unsuspend',
        installation: {
          id: 2,
          account: { id: 22, login: 'contoso' },
          permissions: {},
          suspended_at: null,
          updated_at: new Date(clock.now() + 1000).toISOString(),
        },
      },
    },
    clock.now(),
  );
  await eventually(async () => (await outcome()).state === 'dispatched', 'it goes on');
  expect(asked).toHaveLength(2);
});

test('a delivery waits for the one before it, longer each time, and after about a day no more', async () => {
  const hinted: unknown[] = [];
  const capture = embedded.bus.consume(
    'dispatch',
    async ({ body }) => {
      hinted.push(body);
      return async () => done;
    },
    { sessions: 1 },
  );
  worker.push(capture, embedded.bus.consume('correlate', handlers(loop).correlate, { sessions: 4 }));
  await acceptMessage(loop, messageOf(0), clock.now());
  await acceptMessage(loop, messageOf(1), clock.now());
  await acceptWebhook(loop, runWebhook('completed', 'guid'), clock.now());
  await eventually(() => hinted.length === 2, 'both are hinted at');
  const second = hinted[1] as SendWork;
  const settle = async (behind: number): Promise<Settlement> => {
    const received = { id: 'm', session: 's', deliveryCount: 1, body: { ...second, behind } };
    return (await (await handlers(loop).dispatch(received))()).settlement;
  };
  const waits = [];
  for (const behind of [0, 1, 5, 20]) {
    const settlement = await settle(behind);
    waits.push(settlement.settle === 'again' ? settlement.at - clock.now() : settlement.settle);
  }
  expect(waits).toEqual([1000, 2000, 32_000, 300_000]);
  expect(asked).toEqual([]);
  expect((await settle(300)).settle).toBe('complete');
  expect(asked).toHaveLength(1);
});
