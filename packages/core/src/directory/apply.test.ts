import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { DirectoryWorld, otherIssuer, service, subscription } from '../testing/directory-world.ts';
import { applyResources } from './apply.ts';
import { manager, type Party } from './party.ts';

let world: DirectoryWorld;
beforeEach(() => {
  world = new DirectoryWorld();
});
afterEach(() => world.close());

const apply = (resources: readonly object[], party: Party = manager) =>
  applyResources(world.context(), resources, party);
const list = (items: readonly unknown[]): object => ({ apiVersion: 'v1', kind: 'List', items });
const subscriptions = (count: number): object[] =>
  Array.from({ length: count }, (_, index) =>
    subscription(
      { name: `sub-number-${index}` },
      { service: 'acme/orders', repository: 'initech/tools', state: 'approved' },
    ),
  );
const orders = service(
  { owner: 'acme', name: 'orders' },
  { repository: 'acme/requests', workflow: '.github/workflows/orders.yaml', approves: ['contoso/platform'] },
);

test('GitHub is asked once for each repository, however many resources name it', async () => {
  const results = await apply([...subscriptions(50), orders, list(subscriptions(5))]);
  expect(results[0]).toMatchObject({ kind: 'Service', action: 'created' });
  expect(results.filter(({ action }) => action === 'created')).toHaveLength(51);
  expect([...world.asked].sort()).toEqual(['acme/requests', 'contoso/platform', 'initech/tools']);
});

test('many repositories are asked for at once, ten at most', async () => {
  const names = Array.from({ length: 30 }, (_, index) => `acme/many-${index}`);
  names.forEach((name, index) => world.put(name, 'acme', '10', String(5000 + index)));
  let underWay = 0;
  let most = 0;
  const { github, ...context } = world.context();
  const slow = {
    ...github,
    findRepository: async (name: string) => {
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise((resolve) => setImmediate(resolve));
      underWay -= 1;
      return github.findRepository(name);
    },
  };
  const services = names.map((repository, index) =>
    service({ owner: 'acme', name: `many-${index}` }, { repository, workflow: '.github/workflows/a.yaml' }),
  );
  await applyResources({ ...context, github: slow }, services, manager);
  expect([most, world.asked.length]).toEqual([10, 30]);
});

test('500 resources are applied at once, those in lists counted', async () => {
  await expect(apply([list(subscriptions(300)), list(subscriptions(201))])).rejects.toMatchObject({
    code: 'invalid_resource',
    message: expect.stringContaining('These are 501 resources'),
  });
  expect(world.asked).toEqual([]);
});

describe('what is no resource is named', () => {
  test.each<[string, object]>([
    ['nothing in a list', list([null])],
    ['a text in a list', list(['Service'])],
    ['a kind that is an object', { kind: { deep: ['x'.repeat(1_000_000)] } }],
    ['a kind of a million letters', { kind: 'x'.repeat(1_000_000) }],
    ['no metadata', { kind: 'Service', metadata: null }],
  ])('%s', async (_, resource) => {
    const error: unknown = await apply([resource]).catch((refusal: unknown) => refusal);
    expect(error).toMatchObject({ code: 'invalid_resource' });
    expect(String(error).length).toBeLessThan(1000);
  });
});

test('applying the same again changes nothing', async () => {
  await apply([orders, ...subscriptions(1)]);
  const again = await apply([orders, ...subscriptions(1)]);
  expect(again.map(({ action, changes }) => [action, changes])).toEqual([
    ['unchanged', []],
    ['unchanged', []],
  ]);
});

test('a dry run says what would be and writes nothing', async () => {
  const results = await applyResources(world.context({ dryRun: true }), [orders, ...subscriptions(1)], manager);
  expect(results.map(({ action }) => action)).toEqual(['created', 'created']);
  expect(world.told).toEqual([]);
  await expect(world.subscription('sub-number-0')).rejects.toThrow('there is no subscription');
});

describe('a workflow', () => {
  const own = subscription({ name: 'tools' }, { service: 'acme/orders', repository: 'initech/tools' });

  test('is told of a service behind an alias by that name alone', async () => {
    await world.offer({ alias: 'guild' });
    const asked = subscription({ name: 'tools' }, { service: 'guild/orders', repository: 'initech/tools' });
    const [result] = await apply([asked], world.workflow('initech/tools'));
    expect(result?.changes).toContain('service: nothing -> "guild/orders"');
    expect(JSON.stringify(result)).not.toMatch(/acme|svc-|101/);
  });

  test.each<[string, object]>([
    ['of another GitHub with the same numbers', { issuer: otherIssuer }],
    ['whose owner is another than GitHub says', { repositoryOwnerId: '99' }],
  ])('%s is as if the App were not installed', async (_, changes) => {
    await world.offer();
    const identity = world.identity('initech/tools', changes);
    await expect(apply([own], { kind: 'workflow', identity })).rejects.toMatchObject({
      code: 'repository_not_enabled',
    });
  });

  test('of a repository that has changed hands does not confirm its own services', async () => {
    await world.offer();
    world.put('acme/requests', 'acme', '66', '101');
    await expect(apply([orders], world.workflow('acme/requests'))).rejects.toMatchObject({ code: 'forbidden' });
  });
});
