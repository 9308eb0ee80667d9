import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { validate } from '@zekt/contracts';
import {
  aMoment,
  openFixture,
  serviceResource,
  subscriptionResource,
  until,
  workflow,
  type Fixture,
} from './fixture.ts';

let world: Fixture;
beforeEach(async () => {
  world = await openFixture();
});
afterEach(() => world.stop());

const dispatches = (count: number) => until(() => world.github.world.dispatches.length >= count, `${count} dispatches`);
const payloads = (repository: string) =>
  world.github.dispatchesTo(repository).map(({ clientPayload }) => clientPayload);

describe('a message and its run', () => {
  test('become one dispatch on each approved consumer, exactly as promised', async () => {
    const run = world.startRun();
    const answer = await world.send(run);
    expect(answer).toMatchObject({
      status: 200,
      body: { success: true, consumersNotified: 2, eventId: expect.stringMatching(/^evt-/) },
    });
    world.github.completeRun(run);
    await dispatches(2);
    await aMoment();
    expect(world.github.world.dispatches.map(({ repository, eventType }) => [repository, eventType]).sort()).toEqual([
      ['contoso/finance', 'ordered'],
      ['contoso/platform', 'ordered'],
    ]);
    const [payload] = payloads('contoso/platform');
    expect(validate('ClientPayload', payload)).toMatchObject({ ok: true });
    expect(payload).toEqual({
      payload: { size: 'small' },
      run: expect.objectContaining({
        repository: 'acme/requests',
        repository_id: run.repository.id,
        run_id: run.id,
        run_attempt: 1,
        conclusion: 'success',
        workflow,
      }),
      _zekt: expect.objectContaining({
        correlationId: `${run.repository.id}:${run.id}:1`,
        eventId: answer.body.eventId,
        service: 'acme/orders',
        subscription: 'platform-orders',
        attempt: 1,
        replayOf: null,
      }),
    });
    expect(await world.run(run)).toMatchObject({ state: 'completed', deliveries: 2, service: 'acme/orders' });
  });

  test('in the other order: the completion before the message', async () => {
    const run = world.startRun();
    world.github.completeRun(run);
    await world.github.webhooks.settled();
    await world.send(run);
    await dispatches(2);
    await aMoment();
    expect(world.github.world.dispatches).toHaveLength(2);
    expect(payloads('contoso/finance')[0]).toHaveProperty('payload');
  });

  test('several messages go out in order', async () => {
    const run = world.startRun();
    for (const step of [1, 2, 3]) await world.send(run, { body: { payload: { step } } });
    world.github.completeRun(run);
    await dispatches(6);
    expect(payloads('contoso/platform').map(({ payload }) => payload)).toEqual([{ step: 1 }, { step: 2 }, { step: 3 }]);
  });

  test('a re-run is another run', async () => {
    const run = world.startRun();
    await world.send(run);
    world.github.completeRun(run);
    await dispatches(2);
    world.github.rerun(run);
    await world.send(run);
    world.github.completeRun(run, 'failure');
    await dispatches(4);
    expect(payloads('contoso/platform')).toMatchObject([
      { run: { run_attempt: 1, conclusion: 'success' } },
      { run: { run_attempt: 2, conclusion: 'failure' } },
    ]);
  });

  test('a completed run without a message is delivered alone, under the type of the service', async () => {
    world.github.completeRun(world.startRun(), 'failure');
    await dispatches(2);
    expect(world.github.world.dispatches[0]?.eventType).toBe('order-run');
    expect(payloads('contoso/platform')[0]).not.toHaveProperty('payload');
    expect(payloads('contoso/platform')[0]).toMatchObject({ run: { conclusion: 'failure' } });
  });

  test('a message long after that is a delivery of its own', async () => {
    const run = world.startRun();
    world.github.completeRun(run);
    await dispatches(2);
    await world.send(run);
    await dispatches(4);
    expect(world.github.dispatchesTo('contoso/platform').map(({ eventType }) => eventType)).toEqual([
      'order-run',
      'ordered',
    ]);
  });

  test.each([
    ['null', null],
    ['a string', 'text'],
    ['a number', 42],
    ['an array', [1, [2]]],
    ['false', false],
    ['an object with odd keys', { __proto__x: 1, constructor: 2, '': 3, ключ: '🏔' }],
  ])('any JSON passes through unchanged: %s', async (_, payload) => {
    const run = world.startRun();
    await world.send(run, { body: { payload } });
    world.github.completeRun(run);
    await dispatches(2);
    expect(payloads('contoso/platform')[0]?.payload).toEqual(payload);
  });
});

describe('repetition', () => {
  test('the same token, type and payload is one message, and gets the first answer', async () => {
    const run = world.startRun();
    const token = await world.github.issuer.mint(run, world.zekt.url);
    const answers = await Promise.all(Array.from({ length: 5 }, () => world.send(run, { token })));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect((await world.run(run)).messages).toHaveLength(1);
  });

  test('another payload with the same token is another message', async () => {
    const run = world.startRun();
    const token = await world.github.issuer.mint(run, world.zekt.url);
    await world.send(run, { token });
    await world.send(run, { token, body: { payload: { size: 'large' } } });
    expect((await world.run(run)).messages).toHaveLength(2);
  });

  test('the same Idempotency-Key is one message, with a new token too', async () => {
    const run = world.startRun();
    const headers = { 'idempotency-key': 'order-1' };
    const first = await world.send(run, { headers });
    const second = await world.send(run, { headers });
    expect(second).toEqual(first);
    expect((await world.run(run)).messages).toHaveLength(1);
  });

  test('an Idempotency-Key for other content is refused: nothing is silently dropped', async () => {
    const run = world.startRun();
    const headers = { 'idempotency-key': 'order-1' };
    await world.send(run, { headers });
    expect(await world.send(run, { headers, body: { payload: 'other' } })).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    });
  });

  test('the same key in another run is another message', async () => {
    const headers = { 'idempotency-key': 'order-1' };
    const first = await world.send(world.startRun(), { headers });
    const second = await world.send(world.startRun(), { headers });
    expect(second.body.eventId).not.toBe(first.body.eventId);
  });

  test('doubled and reordered webhooks change nothing', async () => {
    world.github.webhooks.weather = { duplicate: 1, reorder: 0.5 };
    const run = world.startRun();
    await world.send(run);
    world.github.completeRun(run);
    await world.github.webhooks.settled();
    await dispatches(2);
    await aMoment();
    expect(world.github.world.dispatches).toHaveLength(2);
  });
});

describe('policy', () => {
  test('a workflow that is not allow-listed is stored, blocked and counted, and the sender is told', async () => {
    const run = world.startRun({ workflow: '.github/workflows/other.yaml' });
    const answer = await world.send(run);
    expect(answer).toMatchObject({
      status: 200,
      body: {
        consumersNotified: 0,
        message: expect.stringContaining('not allow-listed'),
        undelivered: { code: 'not_allow_listed', reason: expect.stringContaining('not allow-listed') },
      },
    });
    world.github.completeRun(run);
    await until(async () => (await world.run(run)).state === 'blocked', 'the run is blocked');
    expect(await world.run(run)).toMatchObject({
      blockedBecause: expect.stringContaining('not allow-listed'),
      deliveries: 0,
    });
    await until(async () => (await world.events()).some(({ type }) => type === 'run.blocked'), 'the event');
    expect((await world.client('getStats')).counters['runs.blocked']).toBe(1);
    expect(world.github.world.dispatches).toEqual([]);
  });

  test("runs of consumers are nobody's business", async () => {
    const run = world.github.startRun(world.platform);
    world.github.completeRun(run);
    await world.github.webhooks.settled();
    await aMoment(200);
    expect((await world.client('listRuns')).items).toEqual([]);
  });

  test('only matching event types and conclusions are delivered', async () => {
    await world.client('applyResources', {
      body: {
        resources: [
          subscriptionResource('platform-orders', 'contoso/platform', { eventTypes: ['cancelled'] }),
          subscriptionResource('finance-orders', 'contoso/finance', { conclusions: ['failure'] }),
        ],
      },
    });
    const run = world.startRun();
    expect((await world.send(run)).body.consumersNotified).toBe(1);
    await world.send(run, { body: { eventType: 'cancelled' } });
    world.github.completeRun(run);
    await dispatches(1);
    await aMoment();
    expect(world.github.world.dispatches.map(({ repository, eventType }) => `${repository} ${eventType}`)).toEqual([
      'contoso/platform cancelled',
    ]);
  });

  test('a subscription that is only requested receives nothing until it is approved', async () => {
    await world.client('applyResources', {
      body: { resources: [subscriptionResource('late-orders', 'contoso/finance', { state: 'pending' })] },
    });
    const first = world.startRun();
    await world.send(first);
    world.github.completeRun(first);
    await dispatches(2);
    await world.client('approveSubscription', { params: { id: 'late-orders' }, body: {} });
    const second = world.startRun();
    await world.send(second);
    world.github.completeRun(second);
    await dispatches(5);
    expect(world.github.world.dispatches).toHaveLength(5);
  });

  test('runs of pull requests are refused unless the service allows them', async () => {
    const run = world.startRun({ event: 'pull_request_target' });
    expect(await world.send(run)).toMatchObject({ status: 403, body: { code: 'pull_request_refused' } });
    await world.client('applyResources', {
      body: { resources: [{ ...serviceResource, spec: { ...serviceResource.spec, allowPullRequests: true } }] },
    });
    expect(await world.send(run)).toMatchObject({ status: 200 });
  });

  test('a pull request of a fork that completes starts no consumer, unless the service allows it', async () => {
    const fork = world.github.repository('mallory/requests');
    const pull = { event: 'pull_request', headRepository: fork };
    const told = world.startRun(pull);
    world.github.completeRun(told);
    await until(async () => (await world.run(told)).state === 'blocked', 'the run that was told of is blocked');
    expect((await world.run(told)).blockedBecause).toContain("Runs of 'pull_request'");
    const events = await world.events();
    expect(events).toContainEqual(expect.objectContaining({ type: 'run.blocked' }));
    expect(world.github.world.dispatches).toEqual([]);
    const allowing = { ...serviceResource, spec: { ...serviceResource.spec, allowPullRequests: true } };
    await world.client('applyResources', { body: { resources: [allowing] } });
    world.github.completeRun(world.startRun(pull));
    await dispatches(2);
  });

  test('a token for every Zekt server is not taken, unless the operator says so', async () => {
    const run = world.startRun();
    const token = await world.github.issuer.mint(run, 'api://zekt');
    const { status, body } = await world.send(run, { token });
    expect([status, body.code]).toEqual([401, 'wrong_audience']);
    expect(body.error).toContain(`this server wants '${world.zekt.url}'`);
  });

  test('a provider does not speak as Zekt: no message of an event type under zekt.', async () => {
    const answer = await world.send(world.startRun(), { body: { eventType: 'zekt.approval.approved' } });
    expect(answer).toMatchObject({ status: 400, body: { code: 'reserved_event_type' } });
  });

  test('a refused message of a known repository is an event', async () => {
    await world.send(world.startRun({ event: 'pull_request' }));
    await until(async () => (await world.events()).some(({ type }) => type === 'message.rejected'), 'the event');
  });
});

describe('what is missing', () => {
  test('a completion that never comes is asked for', async () => {
    await world.stop();
    world = await openFixture({ settings: { ZEKT_COMPLETION_WAIT: '300ms' } });
    const run = world.startRun();
    await world.github.webhooks.settled();
    world.github.webhooks.weather = { lose: 1 };
    await world.send(run);
    world.github.completeRun(run);
    await dispatches(2);
  });

  test("a completion that was asked for is a fork's like one that came", async () => {
    await world.stop();
    world = await openFixture({ settings: { ZEKT_COMPLETION_WAIT: '300ms' } });
    const run = world.startRun({ event: 'push', headRepository: world.github.repository('mallory/requests') });
    await world.github.webhooks.settled();
    world.github.webhooks.weather = { lose: 1 };
    await world.send(run);
    world.github.completeRun(run);
    await until(async () => (await world.run(run)).state === 'blocked', 'blocked');
    expect((await world.run(run)).blockedBecause).toContain('of another repository');
    expect(world.github.world.dispatches).toEqual([]);
  });

  test('a run that GitHub does not know expires, with an event', async () => {
    await world.stop();
    world = await openFixture({ settings: { ZEKT_COMPLETION_WAIT: '200ms' } });
    const run = world.startRun();
    await world.send(run);
    world.github.world.runs.length = 0;
    await until(async () => (await world.events()).some(({ type }) => type === 'run.expired'), 'the event');
    expect((await world.run(run)).state).toBe('expired');
  });

  test('lost webhooks are asked for again at the start', async () => {
    await world.stop();
    world = await openFixture({ settings: { ZEKT_RECONCILE_EVERY: '200ms' } });
    world.github.webhooks.weather = { lose: 1 };
    const run = world.startRun();
    await world.send(run);
    world.github.completeRun(run);
    world.github.webhooks.weather = {};
    await dispatches(2);
  });
});
