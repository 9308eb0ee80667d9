import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { DirectoryWorld } from '../testing/directory-world.ts';
import { historyOf } from './change-subscription.ts';
import { decideSubscription, type StateDecision } from './decide-subscription.ts';
import { putSubscription } from './request-subscription.ts';

let world: DirectoryWorld;
beforeEach(async () => {
  world = new DirectoryWorld();
  await world.offer();
  await ask(['a']);
});
afterEach(() => world.close());

async function ask(eventTypes: string[]): Promise<void> {
  const spec = { service: 'acme/orders', repository: 'initech/tools', eventTypes };
  await putSubscription({ ...world.context(), asksAgain: true }, 'tools', spec, world.workflow('initech/tools'));
}
const decide = (state: StateDecision['state'], more: Partial<StateDecision> = {}) =>
  decideSubscription(world.store, 'tools', { state, by: 'mona', side: 'provider', ...more }, world.clock.now());
const history = async () => historyOf(world.store, await world.subscription('tools'));

test('the same decision again changes nothing and tells nothing', async () => {
  await decide('approved');
  const told = world.told.length;
  await decide('approved');
  expect([world.told.length, (await history()).length]).toEqual([told, 2]);
});

test('a decision of an approval is carried out once, whatever it left the subscription as', async () => {
  await decide('approved');
  await ask(['a', 'b']);
  await decide('rejected', { approvalId: 'apr_1' });
  const { digest } = await world.subscription('tools');
  await decide('rejected', { approvalId: 'apr_1', digest: 'another' });
  expect(await world.subscription('tools')).toMatchObject({ state: 'approved', digest });
  expect((await history()).map(({ state }) => state)).toEqual(['pending', 'approved', 'pending', 'rejected']);
});

test.each<[StateDecision['state'], StateDecision['state']]>([
  ['rejected', 'revoked'],
  ['approved', 'rejected'],
])('what is %s can not be %s', async (first, second) => {
  await decide(first);
  await expect(decide(second)).rejects.toMatchObject({ code: 'conflict' });
});

test('a policy decides nothing but what waits', async () => {
  await decide('rejected');
  expect((await decide('approved', { side: 'policy' })).state).toBe('rejected');
});

test('a consumer that left can be kept out by its provider', async () => {
  await decide('approved');
  await decide('revoked', { side: 'consumer' });
  await decide('revoked', { reason: 'For good.' });
  expect((await history()).at(-1)).toMatchObject({ state: 'revoked', reason: 'For good.' });
  await world.offer({ approves: ['initech/tools'] });
  await ask(['a']);
  expect((await world.subscription('tools')).state).toBe('pending');
});

describe('what is granted', () => {
  test('is bound to the owner who asked, and to what he asked for', async () => {
    const { digest } = await world.subscription('tools');
    expect((await decide('approved')).granted).toEqual({
      eventTypes: ['a'],
      conclusions: ['*'],
      digest,
      ownerId: '30',
      by: 'mona',
      at: world.clock.now(),
    });
  });

  test('ends with a revocation', async () => {
    await decide('approved');
    expect((await decide('revoked')).granted).toBeNull();
  });
});

test('what is not there can not be decided', async () => {
  await expect(
    decideSubscription(world.store, 'nobody', { state: 'approved', by: 'x', side: 'operator' }, 0),
  ).rejects.toMatchObject({ code: 'not_found' });
});
