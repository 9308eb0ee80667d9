import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Subscription } from '@zekt/contracts';
import { silentLog } from '@zekt/core';
import { readSettings } from '@zekt/host';
import { GitHubSimulator, type Repository, type WorkflowRun } from '@zekt/simulator';
import { startZekt } from '../serve/start-zekt.ts';
import { aMoment, openFixture, until, workflow, type Answer, type Fixture } from './fixture.ts';

// Who has a right is a repository of one GitHub under one owner, found by ids. Names, and numbers of another GitHub, give none.

let world: Fixture;
/** Another GitHub whose tokens this server trusts. */
let other: GitHubSimulator;

beforeEach(async () => {
  other = await GitHubSimulator.start();
  world = await openFixture({
    start: (environment) =>
      startZekt(
        readSettings({
          ...environment,
          ZEKT_OIDC_ISSUERS: `${environment.ZEKT_OIDC_ISSUERS ?? ''},${other.issuer.url}`,
        }),
        silentLog,
      ),
  });
});
afterEach(async () => {
  await world.stop();
  await other.stop();
});

const runOf = (repository: Repository): WorkflowRun => world.github.startRun(repository, { workflow });
const stateOf = async (id: string): Promise<Subscription> => world.client('getSubscription', { params: { id } });
async function completeOne(): Promise<void> {
  const run = world.startRun();
  await world.send(run);
  world.github.completeRun(run);
}
const received = (name: string): number => world.github.dispatchesTo(name).length;

async function ask(token: string, method: string, path: string, body?: object): Promise<Answer> {
  const response = await fetch(`${world.zekt.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}
const wish = (name: string, repository: string) => ({
  apiVersion: 'zekt.dev/v1',
  kind: 'Subscription',
  metadata: { name },
  spec: { service: 'acme/orders', repository },
});

describe('a consumer that was transferred', () => {
  beforeEach(async () => {
    world.github.transfer(world.platform, 'globex');
    world.github.install([world.platform]);
    await until(async () => (await stateOf('platform-orders')).status.state === 'suspended', 'suspended');
  });

  test('receives nothing until the right is given anew', async () => {
    await completeOne();
    await until(() => received('contoso/finance') === 1, 'the other consumer has it');
    await aMoment();
    expect(received('globex/platform')).toBe(0);
    const { status } = await stateOf('platform-orders');
    expect(status.history.at(-1)).toMatchObject({ state: 'suspended', by: 'GitHub' });
    expect(await world.events()).toContainEqual(
      expect.objectContaining({ type: 'subscription.suspended', subscription: 'platform-orders' }),
    );
    await world.client('approveSubscription', { params: { id: 'platform-orders' } });
    await completeOne();
    await until(() => received('globex/platform') === 1, 'the new owner has it');
  });

  test('is nobody to its new owner’s workflows, until then', async () => {
    const read = async (): Promise<number> =>
      (
        await ask(
          await world.github.issuer.mint(runOf(world.platform), world.zekt.url),
          'GET',
          '/api/subscriptions/platform-orders',
        )
      ).status;
    expect(await read()).toBe(404);
    expect((await world.post(runOf(world.platform), '/api/subscriptions/platform-orders/leave', {})).status).toBe(404);
    await world.client('approveSubscription', { params: { id: 'platform-orders' } });
    expect(await read()).toBe(200);
  });
});

test('what waited for a consumer when it was transferred is not sent', async () => {
  world.github.suspend(world.contoso);
  await world.github.webhooks.settled();
  await completeOne();
  await until(async () => (await world.deliveries()).filter(({ state }) => state === 'held').length === 2, 'held');
  world.github.transfer(world.platform, 'globex');
  await until(async () => (await stateOf('platform-orders')).status.state === 'suspended', 'suspended');
  world.github.install([world.platform]);
  world.github.unsuspend(world.contoso);
  await until(() => received('contoso/finance') === 1, 'the other consumer has it');
  await until(
    async () =>
      (await world.deliveries()).some(
        ({ subscription, state }) => subscription === 'platform-orders' && state === 'cancelled',
      ),
    'cancelled',
  );
  expect(received('globex/platform')).toBe(0);
});

test('a transferred provider’s new owner manages nothing', async () => {
  const before = await world.post(runOf(world.requests), '/api/approvals', {
    title: 'Ship it',
    policy: {
      approvers: [{ entra: { tenant: crypto.randomUUID(), objectId: crypto.randomUUID() } }],
      requesterMayApprove: true,
    },
  });
  expect(before.status).toBe(201);
  world.github.transfer(world.requests, 'globex');
  world.github.install([world.requests]);
  await world.github.webhooks.settled();
  const token = () => world.github.issuer.mint(runOf(world.requests), world.zekt.url);
  for (const [method, path] of [
    ['GET', '/api/subscriptions/platform-orders'],
    ['POST', '/api/subscriptions/platform-orders/revoke'],
    ['POST', '/api/services/acme/orders/invitations'],
    ['GET', `/api/approvals/${String(before.body.id)}`],
    ['POST', `/api/approvals/${String(before.body.id)}/cancel`],
  ] as const)
    expect([path, (await ask(await token(), method, path)).status]).toEqual([path, 404]);
  expect((await stateOf('platform-orders')).status.state).toBe('approved');
  const decided = world.client('decideApproval', {
    params: { id: String(before.body.id) },
    body: { decision: 'approved' },
  });
  await expect(decided).rejects.toMatchObject({ code: 'approval_not_dispatched' });
  expect(received('globex/requests')).toBe(0);
});

test('another GitHub’s repository with the same numbers and names sees and does nothing', async () => {
  const asked = await world.post(runOf(world.platform), '/api/approvals', {
    title: 'Ship it',
    policy: {
      approvers: [{ entra: { tenant: crypto.randomUUID(), objectId: crypto.randomUUID() } }],
      requesterMayApprove: true,
    },
  });
  await world.client('applyResources', {
    body: {
      resources: [
        {
          apiVersion: 'zekt.dev/v1',
          kind: 'Service',
          metadata: { owner: 'acme', name: 'open' },
          spec: { repository: 'acme/requests', workflow: '.github/workflows/open.yaml', visibility: 'public' },
        },
      ],
    },
  });
  const forged = (repository: Repository) => other.issuer.mint(runOf(repository), world.zekt.url);
  const consumer = await forged(world.platform);
  const provider = await forged(world.requests);
  for (const [token, method, path, status, body] of [
    [consumer, 'GET', '/api/subscriptions/platform-orders', 404],
    [consumer, 'POST', '/api/subscriptions/platform-orders/leave', 404],
    [provider, 'POST', '/api/subscriptions/platform-orders/revoke', 404],
    [provider, 'POST', '/api/services/acme/orders/invitations', 404],
    [consumer, 'GET', `/api/approvals/${String(asked.body.id)}`, 404],
    [consumer, 'POST', `/api/approvals/${String(asked.body.id)}/cancel`, 404],
    [consumer, 'POST', '/api/subscriptions', 404, wish('forged', 'contoso/platform')],
    [consumer, 'POST', '/api/apply', 404, { resources: [wish('forged', 'contoso/platform')] }],
    [consumer, 'POST', '/api/approvals', 404, { title: 'x', policy: { approvers: [{ github: 'octocat' }] } }],
  ] as const)
    expect([path, (await ask(token, method, path, body)).status]).toEqual([path, status]);
  expect((await ask(consumer, 'GET', '/api/services')).body.items).toEqual([]);
});

describe('a name', () => {
  const held = async (): Promise<void> => {
    world.github.suspend(world.contoso);
    await world.github.webhooks.settled();
    await completeOne();
    await until(async () => (await world.deliveries()).filter(({ state }) => state === 'held').length === 2, 'held');
  };

  test('given to another consumer takes nothing of what waited for the first', async () => {
    const fabrikam = world.github.repository('fabrikam/app');
    world.github.install([fabrikam]);
    await held();
    await world.client('deleteSubscription', { params: { id: 'platform-orders' } });
    await world.client('requestSubscription', { body: wish('platform-orders', 'fabrikam/app') });
    await world.client('approveSubscription', { params: { id: 'platform-orders' } });
    world.github.unsuspend(world.contoso);
    await until(() => received('contoso/finance') === 1, 'the other consumer has it');
    await aMoment();
    expect([received('contoso/platform'), received('fabrikam/app')]).toEqual([0, 0]);
  });

  test('of a service that was made anew finds no right of the one before', async () => {
    const { status } = await world.client('getService', { params: { owner: 'acme', name: 'orders' } });
    await world.client('deleteService', { params: { owner: 'acme', name: 'orders' } });
    const again = await world.client('putService', {
      params: { owner: 'acme', name: 'orders' },
      body: { repository: 'acme/requests', workflow },
    });
    expect(again.status.id).not.toBe(status.id);
    expect(again.status.subscriptions).toBe(0);
  });

  test('of a service is one repository’s, for an operator too', async () => {
    world.github.addToInstallation(world.acme, world.github.repository('acme/sibling'));
    await expect(
      world.client('putService', {
        params: { owner: 'acme', name: 'orders' },
        body: { repository: 'acme/sibling', workflow },
      }),
    ).rejects.toThrow(
      "'acme/orders' is a service of 'acme/requests', so it can't become one of 'acme/sibling'. Delete it first",
    );
  });
});

test('a decision that names another request than the one that waits decides nothing', async () => {
  const outsider = world.github.repository('initech/tools');
  world.github.install([outsider]);
  await world.client('putService', {
    params: { owner: 'acme', name: 'orders' },
    body: { repository: 'acme/requests', workflow, visibility: 'public' },
  });
  const first = await world.post(runOf(outsider), '/api/subscriptions', {
    ...wish('changing', 'initech/tools'),
    spec: { service: 'acme/orders', repository: 'initech/tools', eventTypes: ['harmless'] },
  });
  const { digest } = first.body.status as Subscription['status'];
  await world.post(runOf(outsider), '/api/subscriptions', wish('changing', 'initech/tools'));
  const decide = (shown: string) =>
    world.post(runOf(world.requests), '/api/subscriptions/changing/approve', { digest: shown });
  expect(await decide(digest)).toMatchObject({ status: 409, body: { code: 'conflict' } });
  const now = await stateOf('changing');
  expect(await decide(now.status.digest)).toMatchObject({ status: 200, body: { status: { state: 'approved' } } });
});
