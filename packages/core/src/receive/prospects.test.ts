import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readCard, serviceOfWorkflow } from '../directory/card.ts';
import { applyResources } from '../directory/apply.ts';
import { manager } from '../directory/party.ts';
import { DirectoryWorld, subscription } from '../testing/directory-world.ts';
import { prospectsOf, type Prospects } from './prospects.ts';

let world: DirectoryWorld;
beforeEach(() => {
  world = new DirectoryWorld();
});
afterEach(() => world.close());

const workflow = '.github/workflows/orders.yaml';
async function prospects(eventType = 'orders'): Promise<Prospects> {
  const card = await readCard(world.store, world.ref('acme/requests'));
  return prospectsOf(card, serviceOfWorkflow(card, workflow), workflow, eventType);
}
const subscribe = (state: string, name = 'tools', repository = 'initech/tools') =>
  applyResources(world.context(), [subscription({ name }, { service: 'acme/orders', repository, state })], manager);

test('a workflow that no service offers', async () => {
  expect(await prospects()).toMatchObject({ consumers: 0, undelivered: { code: 'not_allow_listed' } });
});

test('a service that nobody has asked for, or that nobody has any more', async () => {
  await world.offer();
  expect(await prospects()).toMatchObject({ consumers: 0, undelivered: { code: 'no_subscription' } });
  await subscribe('revoked');
  expect(await prospects()).toMatchObject({ consumers: 0, undelivered: { code: 'no_subscription' } });
});

test('requests that wait for an answer', async () => {
  await world.offer();
  await subscribe('pending');
  expect(await prospects()).toMatchObject({
    undelivered: {
      code: 'pending',
      reason: "1 request for 'acme/orders' waits for an answer, and nobody is approved yet.",
    },
  });
});

test('an event type that no consumer takes; one that somebody takes has no reason', async () => {
  await world.offer();
  await subscribe('approved');
  expect(await prospects('salaries')).toMatchObject({ consumers: 0, undelivered: { code: 'event_type_not_taken' } });
  expect(await prospects()).toEqual({ consumers: 1, undelivered: null });
});

test('says nothing of who the consumers are', async () => {
  await world.offer();
  await subscribe('approved');
  await subscribe('pending', 'finance', 'contoso/finance');
  expect(JSON.stringify(await prospects('salaries'))).not.toMatch(/initech|contoso|tools|finance/);
});
