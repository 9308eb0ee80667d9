import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { DirectoryWorld, otherIssuer, service, subscription } from '../testing/directory-world.ts';
import { applyResources } from './apply.ts';
import { findService } from './service.ts';
import { removeService } from './remove-service.ts';
import { ZektError } from '../errors.ts';
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

test('what is refused once all is checked leaves nothing behind, and a dry run is not asked', async () => {
  const told: string[] = [];
  const beforeWriting = (checked: readonly { kind: string; action: string }[]): void => {
    told.push(...checked.map(({ kind, action }) => `${kind} ${action}`));
    throw new ZektError('too_many_requests', 'enough');
  };
  const refused = applyResources({ ...world.context(), beforeWriting }, [orders, ...subscriptions(2)], manager);
  await expect(refused).rejects.toMatchObject({ code: 'too_many_requests' });
  expect(told).toEqual(['Service created', 'Subscription created', 'Subscription created']);
  expect(await findService(world.store, 'acme/orders')).toBeNull();
  await applyResources({ ...world.context(), beforeWriting, dryRun: true }, [orders], manager);
  expect(told).toHaveLength(3);
});

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

describe('what one resource has wrong leaves the others unwritten', () => {
  const other = service(
    { owner: 'acme', name: 'other' },
    { repository: 'acme/requests', workflow: '.github/workflows/orders.yaml' },
  );
  const wish = (spec: object, name = 'tools') =>
    subscription({ name }, { service: 'acme/orders', repository: 'initech/tools', ...spec });
  test.each<[string, object[], string]>([
    ['a repository that is not there', [wish({ repository: 'initech/nothing' })], 'repository_not_found'],
    [
      'a repository to approve that is not there',
      [
        service(
          { owner: 'acme', name: 'x1' },
          { repository: 'acme/sibling', workflow: '.github/workflows/x.yaml', approves: ['acme/nothing'] },
        ),
      ],
      'repository_not_found',
    ],
    ['a service that is not there', [wish({ service: 'acme/nothing' })], 'not_found'],
    ['a workflow that another of the same request offers', [other], 'conflict'],
    ['a reserved event type', [wish({ eventTypes: ['zekt.approval.approved'] })], 'reserved_event_type'],
    [
      'a kind that nobody has here',
      [
        {
          apiVersion: 'zekt.dev/v1',
          kind: 'Channel',
          metadata: { name: 'ch' },
          spec: { type: 'connector', urlSecret: 'x1' },
        },
      ],
      'invalid_resource',
    ],
  ])('%s', async (_, wrong, code) => {
    await expect(apply([orders, ...wrong])).rejects.toMatchObject({ code });
    expect(await findService(world.store, 'acme/orders')).toBeNull();
    expect(world.told).toEqual([]);
  });

  test('a workflow that one service leaves and another takes, in this order, is no mistake', async () => {
    await apply([orders]);
    const moved = service(
      { owner: 'acme', name: 'orders' },
      { repository: 'acme/requests', workflow: '.github/workflows/moved.yaml' },
    );
    expect((await apply([moved, other])).map(({ action }) => action)).toEqual(['updated', 'created']);
  });
});

describe('what a workflow is told of repositories that are not its own', () => {
  const bytes = async (resources: readonly object[], dryRun = false): Promise<string> =>
    JSON.stringify(
      await applyResources(world.context({ dryRun }), resources, world.workflow('acme/requests')).catch(
        (error: unknown) => (error instanceof ZektError ? [error.code, error.message] : error),
      ),
    );
  const approving = (name: string) =>
    service(
      { owner: 'acme', name: 'orders' },
      { repository: 'acme/requests', workflow: '.github/workflows/orders.yaml', approves: [name] },
    );
  const told = (text: string, name: string): string => text.replaceAll(name, 'NAME');

  test.each([true, false])('does not depend on whether there are any, with dryRun %s', async (dryRun) => {
    const [there, notThere] = ['Contoso/platform', 'Contoso/nothing1'];
    // GitHub writes it in lower case: its spelling would tell, too.
    world.put(there.toLowerCase(), 'contoso', '20', '201');
    for (const resourceOf of [
      approving,
      (name: string) =>
        service({ owner: 'acme', name: 'orders' }, { repository: name, workflow: '.github/workflows/a.yaml' }),
      (name: string) => subscription({ name: 'tools' }, { service: 'acme/orders', repository: name }),
    ]) {
      const one = await bytes([resourceOf(there)], dryRun);
      await removeService(world.store, 'acme/orders', 'test', world.clock.now()).catch(() => undefined);
      expect(told(one, there)).toBe(told(await bytes([resourceOf(notThere)], dryRun), notThere));
      await removeService(world.store, 'acme/orders', 'test', world.clock.now()).catch(() => undefined);
    }
  });

  test('holds for services that it may not see, too, with an invitation that it made up', async () => {
    await world.offer({ visibility: 'unlisted' }, 'contoso/hidden', 'contoso/platform');
    for (const invitation of [undefined, 'zinv_made-up'])
      for (const dryRun of [true, false]) {
        const wish = (name: string) =>
          subscription(
            { name: 'mine' },
            { service: name, repository: 'acme/requests', ...(invitation && { invitation }) },
          );
        expect(told(await bytes([wish('contoso/hidden')], dryRun), 'contoso/hidden')).toBe(
          told(await bytes([wish('contoso/no-such')], dryRun), 'contoso/no-such'),
        );
      }
  });

  test('and one that comes to be is approved once the service is applied again', async () => {
    const party = world.workflow('acme/requests');
    await apply([approving('globex/late')], party);
    world.put('globex/late', 'globex', '66', '661');
    const [again] = await apply([approving('globex/late')], party);
    expect(again).toMatchObject({ action: 'unchanged', changes: [] });
    const service = await findService(world.store, 'acme/orders');
    expect(service?.body.approves).toEqual([{ ref: world.ref('globex/late'), fullName: 'globex/late' }]);
  });
});

describe('a subscription that names no event types', () => {
  const declaring = (eventTypes: string[]) =>
    service(
      { owner: 'acme', name: 'orders' },
      { repository: 'acme/requests', workflow: '.github/workflows/orders.yaml', visibility: 'public', eventTypes },
    );
  const wish = (spec: object = {}) =>
    subscription({ name: 'tools' }, { service: 'acme/orders', repository: 'initech/tools', ...spec });

  test('asks for what its provider declares, and for no more', async () => {
    const results = await apply([declaring(['ordered']), wish({ state: 'approved' })]);
    expect(results.flatMap(({ changes }) => changes)).toContain('eventTypes: nothing -> ["orders","ordered"]');
    const { granted } = await world.subscription('tools');
    expect(granted?.eventTypes).toEqual(['orders', 'ordered']);
  });

  test('is shown the same by a dry run that would make the service as well', async () => {
    const both = [declaring(['ordered']), wish()];
    const results = await applyResources(world.context({ dryRun: true }), both, manager);
    expect(results.flatMap(({ changes }) => changes)).toContain('eventTypes: nothing -> ["orders","ordered"]');
  });

  test('asks anew where the provider declares more since: what was given holds', async () => {
    await apply([declaring([]), wish({ state: 'approved' })]);
    await apply([declaring(['salaries'])]);
    expect((await world.subscription('tools')).granted?.eventTypes).toEqual(['orders']);
    await apply([wish()], world.workflow('initech/tools'));
    const { state, granted } = await world.subscription('tools');
    expect([state, granted?.eventTypes]).toEqual(['pending', ['orders']]);
  });

  test('differs from one that asks for all', async () => {
    await apply([declaring([]), wish({ state: 'approved', eventTypes: ['*'] })]);
    expect((await world.subscription('tools')).granted?.eventTypes).toEqual(['*']);
  });
});

test.each([
  [{ eventType: 'zekt.approval.approved' }, 'reserved_event_type'],
  [{ eventType: ' ZEKT.anything' }, 'reserved_event_type'],
  [{ eventTypes: ['fine', 'zekt.approval.rejected'] }, 'reserved_event_type'],
])('a service does not send what says that Zekt itself speaks: %j', async (spec, code) => {
  await expect(world.offer(spec)).rejects.toMatchObject({ code });
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
