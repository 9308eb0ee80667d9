import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { limits } from '@zekt/contracts';
import { accountRef, openRequestsPartition } from '../identity/keys.ts';
import { releasePlace } from '../receive/open-places.ts';
import { DirectoryWorld, subscription } from '../testing/directory-world.ts';
import { applyResources } from './apply.ts';
import { decideSubscription } from './decide-subscription.ts';
import { manager, type Party } from './party.ts';
import { putSubscription } from './request-subscription.ts';

const { value } = limits.openRequestsOfAccount;
const full = {
  code: 'too_many_requests',
  retryAfterMs: 60_000,
  usedUp: { name: 'openRequestsOfAccount', quota: value },
};

let world: DirectoryWorld;
let contoso: string;
beforeEach(async () => {
  world = new DirectoryWorld();
  contoso = openRequestsPartition(accountRef(world.ref('contoso/platform'), '20'));
  await world.offer();
  await world.offer({}, 'acme/others');
});
afterEach(() => world.close());

const ask = (name: string, repository: string, by: Party = world.workflow(repository), service = 'acme/orders') =>
  putSubscription({ ...world.context(), asksAgain: true }, name, { service, repository }, by);
const counted = async (): Promise<string[]> =>
  (await world.store.list(contoso, { limit: 1000 })).items.map(({ id }) => id);

/** As if the account's other repositories had asked for so many. */
async function open(times: number): Promise<void> {
  for (let n = 0; n < times; n += 1)
    await world.store.commit({ partition: contoso, writes: [{ kind: 'put', id: `sub-${n}`, body: {} }] });
}

test('an account whose repositories wait for as many answers as may be open is refused, and nothing is left of it', async () => {
  await open(value);
  await expect(ask('more', 'contoso/finance')).rejects.toMatchObject(full);
  expect(await counted()).toHaveLength(value);
  await expect(world.subscription('more')).rejects.toThrow('there is no subscription');
  // The name is free, and others have places of their own.
  expect((await ask('more', 'initech/tools')).document.state).toBe('pending');
  await releasePlace(world.store, { limit: 'openRequestsOfAccount', partition: contoso }, 'sub-0');
  expect((await ask('again', 'contoso/finance')).document.state).toBe('pending');
});

test('the last place is one repository’s, whichever of the account', async () => {
  await open(value - 1);
  const first = await ask('first', 'contoso/platform');
  await expect(ask('second', 'contoso/finance')).rejects.toMatchObject(full);
  // What waits already may be asked for anew.
  expect((await ask('first', 'contoso/platform')).document.id).toBe(first.document.id);
});

test.each(['approved', 'rejected', 'revoked'] as const)(
  'a request that is %s leaves its place to another',
  async (state) => {
    await open(value - 1);
    const { document } = await ask('first', 'contoso/platform');
    if (state === 'revoked')
      await decideSubscription(world.store, document.id, { state, by: 'contoso', side: 'consumer' }, 1);
    else await decideSubscription(world.store, document.id, { state, by: 'mona', side: 'provider' }, 1);
    expect(await counted()).not.toContain(document.id);
    expect((await ask('second', 'contoso/finance')).document.state).toBe('pending');
  },
);

test('an operator’s word, and what a policy approves, take no place', async () => {
  await open(value);
  expect((await ask('declared', 'contoso/platform', manager)).document.state).toBe('pending');
  await world.offer({ approves: ['contoso/finance'] }, 'acme/given');
  const { document } = await ask('given', 'contoso/finance', undefined, 'acme/given');
  expect(document.state).toBe('approved');
  expect(await counted()).toHaveLength(value);
});

test('of one apply that would open too many, none is written', async () => {
  await open(value - 1);
  const resources = ['acme/orders', 'acme/others'].map((service, n) =>
    subscription({ name: `wish-${n}` }, { service, repository: 'contoso/platform' }),
  );
  const party = world.workflow('contoso/platform');
  await expect(applyResources(world.context(), resources, party)).rejects.toMatchObject(full);
  await expect(world.subscription('wish-0')).rejects.toThrow('there is no subscription');
  expect(await counted()).toHaveLength(value - 1);
});

test('a request that nobody answers in 30 days no longer counts', async () => {
  const { document } = await ask('first', 'contoso/platform');
  expect(await counted()).toEqual([document.id]);
  world.clock.advance(30 * 86_400_000 + 1);
  expect(await counted()).toEqual([]);
});
