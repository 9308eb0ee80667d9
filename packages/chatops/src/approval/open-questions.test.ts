import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { limits } from '@zekt/contracts';
import { openQuestionsPartition } from '../keys.ts';
import { onGitHub, PeopleWorld } from '../testing/people-world.ts';
import { cancelApproval } from './decide.ts';
import { approvalsHandler } from './handle-work.ts';
import type { ApprovalWork } from './messages.ts';

const { value } = limits.openQuestionsOfRepository;
const full = {
  code: 'too_many_requests',
  retryAfterMs: 60_000,
  usedUp: { name: 'openQuestionsOfRepository', quota: value, windowMs: null },
};

let world: PeopleWorld;
beforeEach(async () => {
  world = new PeopleWorld();
  await world.start();
});
afterEach(() => world.embedded.close());

const policy = { approvers: [{ github: 'user-2' }] };
const partition = (): string => openQuestionsPartition(world.repository);
const counted = async (): Promise<number> =>
  (await world.embedded.store.list(partition(), { limit: 1000 })).items.length;

async function open(times: number): Promise<void> {
  for (let n = 0; n < times; n += 1)
    await world.embedded.store.commit({ partition: partition(), writes: [{ kind: 'put', id: `apr_${n}`, body: {} }] });
}

test('a repository with as many open approvals as may be is refused, and leaves nothing', async () => {
  await open(value);
  await expect(world.ask(policy)).rejects.toMatchObject(full);
  expect(await counted()).toBe(value);
});

test('the same question again is answered as before, also when there is no room for another', async () => {
  await open(value - 1);
  const first = await world.ask(policy, {}, 'key');
  expect((await world.ask(policy, {}, 'key')).id).toBe(first.id);
  await expect(world.ask(policy, {}, 'another')).rejects.toMatchObject(full);
  await world.click(first, onGitHub(2));
  await open(value);
  expect((await world.ask(policy, {}, 'key')).id).toBe(first.id);
  expect(await counted()).toBe(value);
});

test.each([
  ['decided', (id: string) => world.click({ id }, onGitHub(2))],
  ['withdrawn', (id: string) => cancelApproval(world.context, id, 'octocat')],
  ['not decided in time', async (id: string) => expire(id)],
])('an approval that is %s leaves its place to another', async (_, end) => {
  await open(value - 1);
  const { id } = await world.ask(policy);
  expect(await counted()).toBe(value);
  await end(id);
  expect(await counted()).toBe(value - 1);
  expect((await world.ask(policy)).state).toBe('pending');
});

async function expire(approvalId: string): Promise<void> {
  world.clock.advance(86_400_000);
  const body: ApprovalWork = { kind: 'expire', approvalId };
  await approvalsHandler(world.context)({ id: 'm', session: 's', body, deliveryCount: 1 });
}

test('a place that nobody released is free when the approval can not be open any more', async () => {
  await world.ask(policy);
  expect(await counted()).toBe(1);
  world.clock.advance(86_400_000 + 3_600_000 + 1);
  expect(await counted()).toBe(0);
});
