import { describe, expect, test } from '@jest/globals';
import { afterAttempt, defaultScheduleMs, quietMs, type RetryPolicy } from './after-attempt.ts';
import { unsent, type DeliveryDocument } from './delivery-document.ts';

const policy: RetryPolicy = { scheduleMs: defaultScheduleMs, random: () => 0.5 };
const delivery = (changes: Partial<DeliveryDocument> = {}): DeliveryDocument => ({
  deliveryId: 'delivery-1',
  run: { repository: 'tag.1', runId: '2', attempt: 1 },
  item: 'run',
  itemAt: 0,
  eventId: 'evt-1',
  eventType: 'built',
  serviceId: 'svc-a',
  service: 'acme/built',
  subscriptionId: 'sub-a',
  subscription: 'one',
  consumer: 'tag.7',
  repository: 'contoso/platform',
  facts: {} as DeliveryDocument['facts'],
  workflow: '',
  durable: false,
  after: null,
  createdAt: 0,
  updatedAt: 0,
  ...unsent,
  ...changes,
});
const retry = { kind: 'retry', status: 502, reason: 'GitHub answered 502' } as const;

describe('a delivery after an answer', () => {
  test('accepted: dispatched, with the time', () => {
    expect(afterAttempt(delivery(), { kind: 'accepted', status: 204 }, 9, policy)).toMatchObject({
      state: 'dispatched',
      dispatchedAt: 9,
      sent: 1,
    });
  });

  test('refused: a dead letter at once, with the reason', () => {
    expect(afterAttempt(delivery(), { kind: 'refused', status: 404, reason: 'gone' }, 9, policy)).toMatchObject({
      state: 'deadlettered',
      reason: 'gone',
    });
  });

  test('the default schedule makes ten tries in a little more than a day, then gives up with the last answer', () => {
    let current = delivery();
    let now = 0;
    const waits: number[] = [];
    while (current.state === 'pending') {
      current = afterAttempt(current, retry, now, policy);
      if (current.nextAttemptAt !== null) {
        waits.push(current.nextAttemptAt - now);
        now = current.nextAttemptAt;
      }
    }
    expect(waits).toEqual(defaultScheduleMs);
    expect(current).toMatchObject({ state: 'deadlettered', sent: 10 });
    expect(current.reason).toContain('GitHub answered 502');
    expect(now).toBeGreaterThan(24 * 3_600_000);
  });

  test('each wait is spread by 20 % either way', () => {
    const at = (random: number) =>
      afterAttempt(delivery({ failures: 2 }), retry, 0, { ...policy, random: () => random }).nextAttemptAt;
    expect(at(0)).toBe(24_000);
    expect(at(1)).toBe(36_000);
  });

  test('asked for quiet until a time: waits until then and uses up no step of the schedule', () => {
    const next = afterAttempt(
      delivery(),
      { kind: 'limited', status: 429, reason: 'slow down', notBefore: 90_000 },
      0,
      policy,
    );
    expect(next).toMatchObject({ state: 'pending', nextAttemptAt: 90_000, failures: 0, limits: 1 });
  });

  test('asked for quiet without a time: a minute, doubling, an hour at most', () => {
    expect([0, 1, 2, 10].map(quietMs)).toEqual([60_000, 120_000, 240_000, 3_600_000]);
  });

  test('requests for quiet are bounded too', () => {
    const next = afterAttempt(
      delivery({ limits: 30 }),
      { kind: 'limited', status: 403, reason: 'slow down', notBefore: null },
      0,
      policy,
    );
    expect(next.state).toBe('deadlettered');
  });

  test('suspended: held, and no try was made', () => {
    expect(afterAttempt(delivery(), { kind: 'suspended', reason: 'suspended' }, 0, policy)).toMatchObject({
      state: 'held',
      sent: 0,
      nextAttemptAt: null,
    });
  });

  test('a new name of the repository is kept', () => {
    expect(
      afterAttempt(delivery(), { kind: 'accepted', status: 204, repository: 'contoso/new' }, 0, policy).repository,
    ).toBe('contoso/new');
  });

  test('only the last twenty attempts are kept', () => {
    let current = delivery();
    for (let n = 0; n < 30; n += 1)
      current = afterAttempt(current, { kind: 'limited', status: 429, reason: String(n), notBefore: 5 }, n, policy);
    expect(current.attempts).toHaveLength(20);
    expect(current.attempts.at(-1)?.reason).toBe('29');
  });
});
