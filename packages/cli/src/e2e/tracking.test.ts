import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openFixture, subscriptionResource, until, type Fixture } from './fixture.ts';
import type { WorkflowRun } from '@zekt/simulator';

let world: Fixture;
let provider: WorkflowRun;
let consumer: WorkflowRun;
let deliveryId: string;
let correlationId: string;

beforeEach(async () => {
  world = await openFixture();
  provider = world.startRun();
  await world.send(provider);
  world.github.completeRun(provider);
  await world.recorded(2);
  ({ deliveryId, correlationId } = world.github.dispatchesTo('contoso/platform')[0]?.clientPayload._zekt as {
    deliveryId: string;
    correlationId: string;
  });
  consumer = world.github.startRun(world.platform, { event: 'repository_dispatch' });
});
afterEach(() => world.stop());

const confirm = (body: object, run = consumer) => world.post(run, '/api/event-delivery/confirm', body);
const complete = (body: object, run = consumer) => world.post(run, '/api/event-delivery/complete', body);

describe('a consumer reports', () => {
  test('by delivery id: confirmed, then completed', async () => {
    expect(await confirm({ deliveryId })).toMatchObject({
      status: 200,
      body: { success: true, delivery: { state: 'confirmed', confirmations: 1 } },
    });
    expect(await complete({ deliveryId, success: true, conclusion: 'success', message: 'done' })).toMatchObject({
      status: 200,
      body: { delivery: { state: 'completed', consumerMessage: 'done' } },
    });
  });

  test('by correlation id', async () => {
    expect(await confirm({ correlationId })).toMatchObject({ status: 200, body: { delivery: { deliveryId } } });
  });

  test('failure is a completion too', async () => {
    expect(await complete({ deliveryId, success: false })).toMatchObject({
      body: { delivery: { state: 'failed', consumerConclusion: 'failure' } },
    });
  });

  test('again: nothing changes', async () => {
    await confirm({ deliveryId });
    expect(await confirm({ deliveryId })).toMatchObject({ status: 200, body: { delivery: { confirmations: 1 } } });
    const first = await complete({ deliveryId, success: true });
    expect(await complete({ deliveryId, success: false })).toEqual(first);
  });

  test('complete before confirm: stays completed, and the confirmation is noted', async () => {
    await complete({ deliveryId, success: true });
    expect(await confirm({ deliveryId })).toMatchObject({
      status: 200,
      body: { delivery: { state: 'completed', confirmedAt: expect.any(String) } },
    });
  });

  test.each([
    ['nothing', {}],
    ['no success', { deliveryId: 'delivery-00000000-0000-0000-0000-000000000000' }],
    ['success alone', { success: true }],
    ['an unknown field', { deliveryId: 'delivery-00000000-0000-0000-0000-000000000000', success: true, extra: 1 }],
    ['an id that is none', { deliveryId: '../../etc', success: true }],
  ])('%s is refused', async (_, body) => {
    expect(await complete(body)).toMatchObject({ status: 400, body: { code: 'invalid_body' } });
  });

  test('two deliveries of one run must be told apart', async () => {
    await world.client('applyResources', {
      body: { resources: [subscriptionResource('platform-again', 'contoso/platform')] },
    });
    const run = world.startRun();
    await world.send(run);
    world.github.completeRun(run);
    await world.recorded(5);
    const correlation = `${run.repository.id}:${run.id}:1`;
    expect(await confirm({ correlationId: correlation })).toMatchObject({
      status: 409,
      body: { code: 'ambiguous_correlation', error: expect.stringMatching(/delivery-.*, delivery-/) },
    });
    const own = world.github.dispatchesTo('contoso/platform')[1]?.clientPayload._zekt as { deliveryId: string };
    await complete({ deliveryId: own.deliveryId, success: true });
    expect(await confirm({ correlationId: correlation })).toMatchObject({ status: 200 });
  });
});

describe('tenancy', () => {
  test("another repository's delivery does not exist for the caller, by either id", async () => {
    const stranger = world.github.startRun(world.finance, { event: 'repository_dispatch' });
    const outsider = world.github.startRun(world.github.repository('evil/corp'), { event: 'repository_dispatch' });
    for (const run of [stranger, outsider, provider]) {
      expect(await confirm({ deliveryId }, run)).toMatchObject({ status: 404, body: { code: 'not_found' } });
      expect(await complete({ deliveryId, success: true }, run)).toMatchObject({ status: 404 });
    }
    expect(await confirm({ correlationId }, outsider)).toMatchObject({ status: 404 });
    // The finance repository has a delivery of its own of this run, and gets that.
    expect((await confirm({ correlationId }, stranger)).body).toMatchObject({
      delivery: { subscription: 'finance-orders' },
    });
  });

  test('a delivery id that does not exist looks the same', async () => {
    const made = 'delivery-00000000-0000-0000-0000-000000000000';
    const [foreign, missing] = [await confirm({ deliveryId }, provider), await confirm({ deliveryId: made }, provider)];
    expect({ ...missing.body, error: '', message: '', requestId: '' }).toEqual({
      ...foreign.body,
      error: '',
      message: '',
      requestId: '',
    });
  });
});

describe("the consumer's own run", () => {
  test('sets the state when its name carries the delivery id', async () => {
    const run = world.github.startRun(world.platform, {
      event: 'repository_dispatch',
      displayTitle: `Build ${deliveryId}`,
    });
    const state = async () => (await world.client('getDelivery', { params: { deliveryId } })).state;
    await until(async () => (await state()) === 'confirmed', 'confirmed');
    world.github.completeRun(run, 'failure');
    await until(async () => (await state()) === 'failed', 'failed');
    expect((await world.client('getDelivery', { params: { deliveryId } })).consumerRunUrl).toContain(
      `/actions/runs/${run.id}`,
    );
  });

  test('of another repository it says nothing', async () => {
    const run = world.github.startRun(world.finance, {
      event: 'repository_dispatch',
      displayTitle: `Build ${deliveryId}`,
    });
    world.github.completeRun(run);
    await world.github.webhooks.settled();
    const sentinel = world.github.startRun(world.platform, { event: 'repository_dispatch', displayTitle: deliveryId });
    await until(
      async () => (await world.client('getDelivery', { params: { deliveryId } })).confirmedAt !== null,
      'the right one is heard',
    );
    expect(sentinel.repository).toBe(world.platform);
    expect((await world.client('getDelivery', { params: { deliveryId } })).state).toBe('confirmed');
  });
});

describe('replay', () => {
  const replay = () => world.client('replayDelivery', { params: { deliveryId } });

  test('sends the same content as a new delivery that names the old one', async () => {
    const answer = await replay();
    expect(answer).toEqual({ deliveryId: expect.not.stringContaining(deliveryId), replayOf: deliveryId });
    await until(() => world.github.dispatchesTo('contoso/platform').length === 2, 'dispatched again');
    const [first, second] = world.github.dispatchesTo('contoso/platform').map(({ clientPayload }) => clientPayload);
    expect(second?.payload).toEqual(first?.payload);
    expect(second?._zekt).toMatchObject({ replayOf: deliveryId, deliveryId: answer.deliveryId, correlationId });
    expect((await world.client('getDelivery', { params: { deliveryId } })).replayedBy).toEqual([answer.deliveryId]);
  });

  test('twice is two deliveries', async () => {
    expect((await replay()).deliveryId).not.toBe((await replay()).deliveryId);
  });

  test('of what does not exist, or to whom may no longer receive, is refused', async () => {
    await expect(world.client('replayDelivery', { params: { deliveryId: 'delivery-0' } })).rejects.toMatchObject({
      code: 'not_found',
    });
    await world.client('revokeSubscription', { params: { id: 'platform-orders' }, body: {} });
    await expect(replay()).rejects.toMatchObject({ code: 'subscription_not_approved' });
  });
});

test('diagnostics tell health, failures and advice', async () => {
  expect(await world.client('diagnoseConnection', { params: { id: 'platform-orders' } })).toMatchObject({
    health: 'healthy',
    // It is on its way: the consumer still has time to confirm.
    window: { total: 0, succeeded: 0 },
  });
  await complete({ deliveryId, success: true });
  expect(await world.client('diagnoseConnection', { params: { id: 'platform-orders' } })).toMatchObject({
    health: 'healthy',
    groups: [],
    lastFailures: [],
  });
  world.github.faults.add({
    path: 'platform/dispatches',
    times: 9,
    fault: { kind: 'answer', status: 404, message: 'Not Found' },
  });
  await world.client('replayDelivery', { params: { deliveryId } });
  await until(
    async () =>
      (await world.client('diagnoseConnection', { params: { id: 'platform-orders' } })).lastFailures.length === 1,
    'the failure',
  );
  expect(await world.client('diagnoseConnection', { params: { id: 'platform-orders' } })).toMatchObject({
    health: 'critical',
    groups: [{ kind: 'not_found', count: 1, advice: expect.stringContaining('deleted') }],
  });
});
