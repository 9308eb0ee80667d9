import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { DirectoryWork } from '../hints.ts';
import { repositoryIdOf } from '../identity/keys.ts';
import { DirectoryWorld } from '../testing/directory-world.ts';
import { historyOf } from './change-subscription.ts';
import { decideSubscription } from './decide-subscription.ts';
import { followGitHub } from './follow-github.ts';
import { manager } from './party.ts';
import { putSubscription } from './request-subscription.ts';
import { findService } from './service.ts';
import { grantInForce, takesEventType } from './subscription.ts';

let world: DirectoryWorld;
beforeEach(async () => {
  world = new DirectoryWorld();
  await world.offer();
  await putSubscription(
    world.context(),
    'tools',
    { service: 'acme/orders', repository: 'initech/tools', state: 'approved' },
    manager,
  );
  world.clock.advance(120_000);
});
afterEach(() => world.close());

async function follow(work: DirectoryWork) {
  const context = { store: world.store, clock: world.clock, issuer: world.context().issuer };
  const decide = await followGitHub(context)({ id: 'm', session: 's', body: work, deliveryCount: 1 });
  return decide();
}
const repositoryFact = (fullName: string, ownerId: string, changes: object = {}): DirectoryWork => ({
  kind: 'repository',
  action: 'transferred',
  repository: { id: repositoryIdOf(world.ref('initech/tools')), fullName },
  owner: fullName.split('/')[0] ?? '',
  ownerId,
  archived: false,
  installationId: `9${ownerId}`,
  changedAt: world.clock.now(),
  ...changes,
});
const installationFact = (accountId: string, changes: object = {}): DirectoryWork => ({
  kind: 'installation',
  action: 'created',
  installationId: `9${accountId}`,
  account: 'globex',
  accountId,
  suspended: null,
  deleted: false,
  permissions: {},
  repositories: [{ id: repositoryIdOf(world.ref('initech/tools')), fullName: 'globex/tools' }],
  removed: [],
  changedAt: world.clock.now(),
  ...changes,
});
const tools = () => world.subscription('tools');

describe.each([
  ['a transfer', () => repositoryFact('globex/tools', '40')],
  ['an installation of another account', () => installationFact('40')],
])('%s', (_, fact) => {
  test('suspends what the consumer had: the grant is kept, and gives nothing', async () => {
    await follow(fact());
    const suspended = await tools();
    expect([suspended.state, suspended.granted?.ownerId, suspended.repository]).toEqual([
      'suspended',
      '30',
      'globex/tools',
    ]);
    expect([takesEventType(suspended, 'anything'), grantInForce(suspended)]).toEqual([false, null]);
    expect((await historyOf(world.store, suspended)).at(-1)).toMatchObject({ state: 'suspended', by: 'GitHub' });
  });

  test('told twice is told once', async () => {
    await follow(fact());
    const told = world.told.length;
    world.clock.advance(1000);
    await follow(fact());
    expect((await historyOf(world.store, await tools())).filter(({ state }) => state === 'suspended')).toHaveLength(1);
    expect(world.told.slice(told).filter(({ body }) => JSON.stringify(body).includes('suspended'))).toEqual([]);
  });

  test('is confirmed by an approval, for the new owner', async () => {
    await follow(fact());
    const { digest } = await tools();
    const side = 'operator';
    await decideSubscription(world.store, 'tools', { state: 'approved', by: side, side }, world.clock.now());
    const confirmed = await tools();
    expect([confirmed.state, confirmed.ownerId, confirmed.granted?.ownerId]).toEqual(['approved', '40', '40']);
    expect(confirmed.digest).not.toBe(digest);
  });
});

test('a request that waits is suspended too, and is no question any more', async () => {
  await putSubscription(
    { ...world.context(), asksAgain: true },
    'more',
    { service: 'acme/orders', repository: 'initech/tools' },
    world.workflow('initech/tools'),
  );
  const { requestedAt, digest } = await world.subscription('more');
  await follow(repositoryFact('globex/tools', '40'));
  expect((await world.subscription('more')).state).toBe('suspended');
  expect(world.told.filter(({ queue }) => queue === 'approvals').map(({ body }) => body)).toContainEqual(
    expect.objectContaining({ isAsked: false, settled: { requestedAt, digest } }),
  );
});

test('an owner that GitHub told of before the webhook came is followed all the same', async () => {
  world.put('initech/tools', 'globex', '40', repositoryIdOf(world.ref('initech/tools')));
  await putSubscription(
    world.context(),
    'noticed',
    { service: 'acme/orders', repository: 'initech/tools', eventTypes: ['x'] },
    manager,
  );
  await follow(repositoryFact('globex/tools', '40', { changedAt: 1 }));
  expect((await tools()).state).toBe('suspended');
});

test('an operator’s file that says nothing of a state confirms no new owner', async () => {
  world.put('initech/tools', 'globex', '40', repositoryIdOf(world.ref('initech/tools')));
  const spec = { service: 'acme/orders', repository: 'initech/tools' };
  await putSubscription(world.context(), 'tools', spec, manager);
  expect(await tools()).toMatchObject({ state: 'suspended', granted: { ownerId: '30' } });
  await putSubscription(world.context(), 'tools', { ...spec, state: 'approved' }, manager);
  expect(await tools()).toMatchObject({ state: 'approved', granted: { ownerId: '40' } });
});

test('a new name of the same owner is followed, and nothing else changes', async () => {
  const before = await tools();
  await follow(repositoryFact('initech/utensils', '30', { action: 'renamed' }));
  const { repository, state, granted } = await tools();
  expect([repository, state, granted]).toEqual(['initech/utensils', 'approved', before.granted]);
});

test('a provider that was transferred is suspended, and keeps its consumers', async () => {
  const id = repositoryIdOf(world.ref('acme/requests'));
  await follow(repositoryFact('globex/requests', '40', { repository: { id, fullName: 'globex/requests' } }));
  const service = (await findService(world.store, 'acme/orders'))?.body;
  expect([service?.ownerId, service?.repository]).toEqual(['10', 'globex/requests']);
  expect(service?.suspended).toContain('now belongs to globex');
  expect((await tools()).state).toBe('approved');
});

test('what was put aside goes on when the installation works again', async () => {
  const { messages } = await follow(installationFact('30', { suspended: false, account: 'initech' }));
  expect(messages).toMatchObject([{ queue: 'dispatch', body: { kind: 'release', installationId: '930' } }]);
  expect((await follow(installationFact('30', { suspended: true, account: 'initech' }))).messages).toEqual([]);
});
