import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { SubscriptionSpec } from '@zekt/contracts';
import {
  applyResources,
  decideSubscription,
  findSubscription,
  manager,
  putSubscription,
  removeSubscription,
  type Outcome,
  type PutContext,
  type SubscriptionNews,
} from '@zekt/core';
import { ManualClock } from '@zekt/core/testing';
import { openEmbedded, type Embedded } from '@zekt/embedded';
import type { ApprovalDocument } from './approval/approval-document.ts';
import type { ApprovalsContext } from './approval/approvals-context.ts';
import { decide } from './approval/decide.ts';
import { approvalsHandler } from './approval/handle-work.ts';
import { linkAccounts } from './identity/link-accounts.ts';
import { Memberships } from './identity/memberships.ts';
import { quietParts } from './testing/quiet-parts.ts';

// Questions about requests: one for each request, bound to it, and gone with it.

const issuer = 'https://token.github.example';
const tenant = crypto.randomUUID();
const person = crypto.randomUUID();

let clock: ManualClock;
let embedded: Embedded;
let context: ApprovalsContext;
let news: SubscriptionNews[];

beforeEach(async () => {
  clock = new ManualClock();
  embedded = openEmbedded(':memory:', clock);
  news = [];
  const { store } = embedded;
  context = {
    store: {
      get: (partition, id) => store.get(partition, id),
      list: (partition, options) => store.list(partition, options),
      commit: async (batch) => {
        const result = await store.commit(batch);
        const told = (batch.messages ?? []).filter(({ id }) => id.startsWith('subscription:'));
        if (result.committed) news.push(...told.map(({ body }) => body as SubscriptionNews));
        return result;
      },
    },
    clock,
    github: {
      dispatch: async () => ({ kind: 'accepted', status: 204 }),
      findRepository: async () => null,
      findUser: async () => null,
      teamMembers: async () => null,
    },
    memberships: new Memberships(async () => false, clock),
    ...quietParts,
  };
  const policy = { approvers: [{ entra: { tenant, objectId: person } }] };
  const spec = {
    repository: 'acme/requests',
    workflow: '.github/workflows/orders.yaml',
    visibility: 'public',
    approval: { policy },
  };
  await applyResources(
    put(),
    [{ apiVersion: 'zekt.dev/v1', kind: 'Service', metadata: { owner: 'acme', name: 'orders' }, spec }],
    manager,
  );
});
afterEach(() => embedded.close());

const ids: Readonly<Record<string, string>> = { acme: '10', initech: '30' };
const put = (): PutContext => ({
  store: context.store,
  github: {
    findUser: async () => null,
    findRepository: async (fullName) => {
      const owner = fullName.split('/')[0] ?? '';
      const ownerId = ids[owner] ?? '';
      return {
        id: `${ownerId}1`,
        fullName,
        owner,
        ownerId,
        installationId: '9',
        archived: false,
        defaultBranch: 'main',
      };
    },
  },
  issuer,
  nowMs: clock.now(),
  dryRun: false,
});
async function ask(spec: Partial<SubscriptionSpec> = {}): Promise<void> {
  clock.advance(1000);
  const wanted = { service: 'acme/orders', repository: 'initech/tools', state: 'pending' as const, ...spec };
  await putSubscription(put(), 'tools', wanted, manager);
}
const handle = async (body: object): Promise<Outcome> => {
  const outcome = await approvalsHandler(context)({ id: 'm', session: 's', body, deliveryCount: 1 });
  return outcome();
};
async function handleNews(): Promise<void> {
  for (const body of news.splice(0)) await handle(body);
}
async function questions(): Promise<ApprovalDocument[]> {
  const months = [-1, 0, 1].map((ahead) => Math.floor(clock.now() / (30 * 86_400_000)) + ahead);
  const listed = await Promise.all(
    months.map((bucket) => context.store.list<{ id: string }>(`approvals:${bucket}`, { limit: 100 })),
  );
  const found = listed.flatMap(({ items }) => items.map(({ body }) => body.id));
  const all = await Promise.all(found.map((id) => context.store.get<ApprovalDocument>(`approval:${id}`, 'approval')));
  return all.flatMap((it) => (it ? [it.body] : []));
}
const subscription = async () => (await findSubscription(context.store, 'tools'))?.body;
const click = (approval: ApprovalDocument, decision: 'approved' | 'rejected') =>
  decide(context, approval, {
    decision,
    person: { actor: { provider: 'entra', id: person, tenant, name: null }, groups: [] },
    comment: '',
    via: 'page',
    requestId: null,
  });

test('a request is one question, however often its news comes', async () => {
  await ask({ eventTypes: ['a'] });
  const [told] = news;
  await handleNews();
  await handle(told ?? {});
  const [question, ...others] = await questions();
  expect(others).toEqual([]);
  expect(question).toMatchObject({ state: 'pending', title: 'initech/tools asks for acme/orders' });
  expect(question?.facts).toContainEqual({ name: 'Event types', value: 'a' });
});

describe('a request that is changed', () => {
  test('is another question, and the one before is withdrawn', async () => {
    await ask({ eventTypes: ['a'] });
    await handleNews();
    await ask({ eventTypes: ['a', 'salaries'] });
    await handleNews();
    expect((await questions()).map(({ state }) => state).sort()).toEqual(['cancelled', 'pending']);
  });

  test('is not approved by an answer to the question before', async () => {
    await ask({ eventTypes: ['a'] });
    await handleNews();
    const [before] = await questions();
    if (!before) throw new Error('people were asked');
    await ask({ eventTypes: ['a', 'salaries'] });
    expect((await click(before, 'approved')).kind).toBe('notCarriedOut');
    expect(await subscription()).toMatchObject({ state: 'pending', granted: null });
  });
});

/** A workflow of initech that user 7 started asks. */
async function askAsWorkflow(): Promise<void> {
  clock.advance(1000);
  const workflow = { kind: 'workflow' as const, identity: { ...identity, actorId: '7' } };
  await putSubscription(put(), 'tools', { service: 'acme/orders', repository: 'initech/tools' }, workflow);
}

test('a request of somebody who may be one of those who decide is a dead letter that says what to do, and can be revived', async () => {
  await askAsWorkflow();
  const [told] = news.splice(0);
  expect(await handle(told ?? {})).toMatchObject({
    settlement: {
      settle: 'deadLetter',
      reason: expect.stringMatching(
        /^acme\/orders: people can not be asked about the request of initech\/tools\..*Identity/,
      ),
    },
  });
  expect(await questions()).toEqual([]);
  await knowRequester();
  await handle(told ?? {});
  expect(await questions()).toHaveLength(1);
});

/** User 7 is known at Entra, too. */
const knowRequester = (): Promise<string> =>
  linkAccounts(
    context,
    { actor: { provider: 'github', id: '7', tenant: null, name: 'octocat' }, groups: [] },
    { actor: { provider: 'entra', id: crypto.randomUUID(), tenant, name: null }, groups: [] },
  );

test('a wider request says what is given already', async () => {
  await knowRequester();
  await ask({ eventTypes: ['a'], state: 'approved' });
  await askAsWorkflow();
  await handleNews();
  const [question] = await questions();
  expect(question?.title).toBe('initech/tools asks for more of acme/orders');
  expect(question?.facts).toContainEqual({ name: 'Has already', value: 'a' });
  if (question) await click(question, 'rejected');
  expect(await subscription()).toMatchObject({ state: 'approved', granted: { eventTypes: ['a'] } });
});

test('of more event types than can be shown it is told how many there are', async () => {
  await ask({ eventTypes: Array.from({ length: 100 }, (_, index) => `type-${index}-${'x'.repeat(80)}`) });
  await handleNews();
  const value = (await questions())[0]?.facts.find(({ name }) => name === 'Event types')?.value ?? '';
  expect(value).toMatch(/, and 9[78] more$/);
  expect(value.length).toBeLessThanOrEqual(300);
});

test('news of a request that is not visible yet comes again', async () => {
  await ask();
  const [told] = news.splice(0);
  if (!told) throw new Error('it was told');
  await expect(handle({ ...told, updatedAt: told.updatedAt + 1 })).rejects.toThrow('is not visible yet');
});

test('a question ends with the subscription that it is about, and late news of it is nothing', async () => {
  await ask();
  const [asked] = news;
  await handleNews();
  await removeSubscription(context.store, 'tools', 'operator', clock.now());
  await handleNews();
  await handle(asked ?? {});
  expect((await questions()).map(({ state }) => state)).toEqual(['cancelled']);
});

test('a decision elsewhere withdraws the question', async () => {
  await ask();
  await handleNews();
  const decision = { state: 'approved', by: 'operator', side: 'operator' } as const;
  await decideSubscription(context.store, 'tools', decision, clock.now());
  await handleNews();
  expect((await questions()).map(({ state }) => state)).toEqual(['cancelled']);
});

const identity = {
  audience: 'https://zekt.example',
  issuer,
  repositoryId: '301',
  repositoryOwnerId: '30',
  runId: '1',
  runAttempt: 1,
  workflow: '.github/workflows/zekt.yaml',
  repository: 'initech/tools',
  repositoryOwner: 'initech',
  eventName: 'push',
  actor: 'octocat',
  ref: 'refs/heads/main',
  tokenId: 'token',
};
