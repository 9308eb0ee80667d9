import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { aMoment, openFixture, subscriptionResource, until, type Fixture } from './fixture.ts';

let world: Fixture;
beforeEach(async () => {
  world = await openFixture();
});
afterEach(() => world.stop());

const dispatches = (count: number) => until(() => world.github.world.dispatches.length >= count, `${count} dispatches`);
const stateOf = async (subscription: string) =>
  (await world.deliveries()).find((it) => it.subscription === subscription)?.state;

async function completeOne(): Promise<void> {
  const run = world.startRun();
  await world.send(run);
  world.github.completeRun(run);
  await world.github.webhooks.settled();
}

describe('GitHub in trouble', () => {
  test('a passing failure is tried again, with the attempt counted in the payload', async () => {
    world.github.faults.add({ path: 'platform/dispatches', times: 2, fault: { kind: 'answer', status: 502 } });
    await completeOne();
    await dispatches(2);
    const [dispatch] = world.github.dispatchesTo('contoso/platform');
    expect(dispatch?.clientPayload._zekt).toMatchObject({ attempt: 3 });
    await until(async () => (await stateOf('platform-orders')) === 'dispatched', 'it is recorded');
    const delivery = (await world.deliveries()).find((it) => it.subscription === 'platform-orders');
    expect(delivery?.attempts.map(({ outcome, status }) => [outcome, status])).toEqual([
      ['retry', 502],
      ['retry', 502],
      ['accepted', 204],
    ]);
  });

  test('an answer that is lost is asked for again under the same delivery id', async () => {
    world.github.faults.add({ path: 'platform/dispatches', fault: { kind: 'resetAfter' } });
    await completeOne();
    await dispatches(3);
    const ids = world.github
      .dispatchesTo('contoso/platform')
      .map(({ clientPayload }) => (clientPayload._zekt as { deliveryId: string }).deliveryId);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
  });

  test('after the schedule it is a dead letter, with the last answer and an event', async () => {
    world.github.faults.add({
      path: 'platform/dispatches',
      times: 99,
      fault: { kind: 'answer', status: 500, message: 'kaputt' },
    });
    await completeOne();
    await until(async () => (await stateOf('platform-orders')) === 'deadlettered', 'given up');
    const delivery = (await world.deliveries()).find((it) => it.subscription === 'platform-orders');
    expect(delivery).toMatchObject({ reason: expect.stringContaining('kaputt') });
    expect(delivery?.attempts).toHaveLength(4);
    await until(async () => (await world.events()).some(({ type }) => type === 'delivery.deadlettered'), 'the event');
  });

  test('a failing consumer does not delay another of the same installation', async () => {
    world.github.faults.add({ path: 'platform/dispatches', times: 999, fault: { kind: 'answer', status: 500 } });
    for (let n = 0; n < 5; n += 1) await completeOne();
    await until(() => world.github.dispatchesTo('contoso/finance').length === 5, 'finance got everything');
  });

  test('messages of one run stay in order while the first is failing', async () => {
    world.github.faults.add({ path: 'platform/dispatches', times: 2, fault: { kind: 'answer', status: 503 } });
    const run = world.startRun();
    for (const step of [1, 2, 3]) await world.send(run, { body: { payload: step } });
    world.github.completeRun(run);
    await until(() => world.github.dispatchesTo('contoso/platform').length === 3, 'all three');
    expect(world.github.dispatchesTo('contoso/platform').map(({ clientPayload }) => clientPayload.payload)).toEqual([
      1, 2, 3,
    ]);
  });

  test('a request for quiet holds the whole installation, and only that', async () => {
    const fabrikam = world.github.repository('fabrikam/shop');
    world.github.install([fabrikam]);
    await world.github.webhooks.settled();
    await world.client('applyResources', {
      body: { resources: [subscriptionResource('fabrikam-orders', 'fabrikam/shop')] },
    });
    world.github.faults.add({
      path: 'contoso/',
      method: 'POST',
      fault: { kind: 'answer', status: 403, headers: { 'retry-after': '3600' }, message: 'secondary rate limit' },
    });
    await completeOne();
    await dispatches(1);
    expect(world.github.world.dispatches[0]?.repository).toBe('fabrikam/shop');
    const contoso = async () => (await world.deliveries()).filter(({ repository }) => repository !== 'fabrikam/shop');
    // GitHub asked for quiet once; the other consumer of the installation was not tried at all.
    await until(async () => (await contoso()).some(({ attempts }) => attempts.length === 1), 'asked for quiet');
    expect((await contoso()).flatMap(({ attempts }) => attempts.map(({ outcome }) => outcome))).toEqual(['limited']);
    expect((await contoso()).map(({ state }) => state)).toEqual(['pending', 'pending']);
  });
});

describe('the installation', () => {
  test('suspended: its deliveries wait, and go out when it is not', async () => {
    world.github.suspend(world.contoso);
    await world.github.webhooks.settled();
    await completeOne();
    await until(
      async () => (await stateOf('platform-orders')) === 'held' && (await stateOf('finance-orders')) === 'held',
      'held',
    );
    expect(world.github.world.dispatches).toEqual([]);
    world.github.unsuspend(world.contoso);
    await dispatches(2);
    await until(async () => (await stateOf('platform-orders')) === 'dispatched', 'recorded');
  });

  test('suspended without a webhook: found out by asking, released by the webhook', async () => {
    world.github.webhooks.weather = { lose: 1 };
    world.github.suspend(world.contoso);
    world.github.webhooks.weather = {};
    await completeOne();
    await until(async () => (await stateOf('platform-orders')) === 'held', 'held');
    await aMoment(1100);
    world.github.unsuspend(world.contoso);
    await dispatches(2);
  });

  test('gone: a dead letter that says what to do', async () => {
    world.github.removeFromInstallation(world.contoso, world.platform);
    await world.github.webhooks.settled();
    await completeOne();
    await until(async () => (await stateOf('platform-orders')) === 'deadlettered', 'given up');
    expect((await world.deliveries()).find((it) => it.subscription === 'platform-orders')?.reason).toContain(
      'not installed on contoso/platform',
    );
    await until(() => world.github.dispatchesTo('contoso/finance').length > 0, 'the other consumer got it');
    expect(world.github.dispatchesTo('contoso/finance')).toHaveLength(1);
  });

  test('unknown while GitHub can not be asked: for the schedule of the delivery', async () => {
    world.github.removeFromInstallation(world.contoso, world.platform);
    await world.github.webhooks.settled();
    world.github.webhooks.weather = { lose: 1 };
    world.github.addToInstallation(world.contoso, world.platform);
    world.github.webhooks.weather = {};
    world.github.faults.add({ path: 'platform/installation', times: 2, fault: { kind: 'answer', status: 503 } });
    await completeOne();
    await until(async () => (await stateOf('platform-orders')) === 'dispatched', 'dispatched');
    const delivery = (await world.deliveries()).find((it) => it.subscription === 'platform-orders');
    expect(delivery?.attempts.map(({ outcome }) => outcome)).toEqual(['retry', 'retry', 'accepted']);
  });

  test('added later by webhook: found', async () => {
    world.github.removeFromInstallation(world.contoso, world.platform);
    world.github.addToInstallation(world.contoso, world.platform);
    await world.github.webhooks.settled();
    await completeOne();
    await dispatches(2);
  });
});

describe('names', () => {
  test('a renamed consumer is found by its id, with and without the webhook', async () => {
    world.github.webhooks.weather = { lose: 1 };
    world.github.rename(world.platform, 'platform-two');
    world.github.webhooks.weather = {};
    await completeOne();
    await until(() => world.github.dispatchesTo('contoso/platform-two').length === 1, 'dispatched under the new name');
    world.github.rename(world.finance, 'accounting');
    await world.github.webhooks.settled();
    await until(
      async () =>
        (await world.client('getSubscription', { params: { id: 'finance-orders' } })).spec.repository ===
        'contoso/accounting',
      'the new name is known',
    );
  });

  test('a transferred provider is suspended until an operator applies the service again', async () => {
    world.github.transfer(world.requests, 'globex');
    await until(
      async () =>
        (await world.client('getService', { params: { owner: 'acme', name: 'orders' } })).status.suspended !== null,
      'suspended',
    );
    const run = world.startRun();
    expect(await world.send(run)).toMatchObject({ status: 403, body: { code: 'provider_suspended' } });
    world.github.completeRun(run);
    await until(async () => (await world.run(run)).state === 'blocked', 'blocked');
    expect(world.github.world.dispatches).toEqual([]);

    await world.client('putService', {
      params: { owner: 'acme', name: 'orders' },
      body: { repository: 'globex/requests', workflow: '.github/workflows/order.yaml' },
    });
    await completeOne();
    await dispatches(2);
  });

  test('a transfer that no webhook told is noticed by the token', async () => {
    world.github.webhooks.weather = { lose: 1 };
    world.github.transfer(world.requests, 'globex');
    expect(await world.send(world.startRun())).toMatchObject({ status: 403, body: { code: 'provider_suspended' } });
  });
});

test('a revocation stops what is not yet dispatched', async () => {
  world.github.suspend(world.contoso);
  await world.github.webhooks.settled();
  await completeOne();
  await until(async () => (await stateOf('platform-orders')) === 'held', 'held');
  await world.client('revokeSubscription', { params: { id: 'platform-orders' }, body: { reason: 'no longer wanted' } });
  world.github.unsuspend(world.contoso);
  await until(async () => (await stateOf('platform-orders')) === 'cancelled', 'cancelled');
  await dispatches(1);
  await aMoment();
  expect(world.github.world.dispatches.map(({ repository }) => repository)).toEqual(['contoso/finance']);
});

test('what is beyond the burst of an installation waits for its rate', async () => {
  await world.stop();
  world = await openFixture({ settings: { ZEKT_DISPATCH_PER_MINUTE: '1', ZEKT_DISPATCH_BURST: '3' } });
  await completeOne();
  await completeOne();
  await dispatches(3);
  await aMoment();
  expect(world.github.world.dispatches).toHaveLength(3);
});
