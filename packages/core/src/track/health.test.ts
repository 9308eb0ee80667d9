import { describe, expect, test } from '@jest/globals';
import { unsent, type DeliveryDocument } from '../dispatch/delivery-document.ts';
import { connectionHealth as healthOf, failureKind } from './health.ts';

const now = Date.UTC(2026, 10, 22);
const hour = 3_600_000;
const delivery = (changes: Partial<DeliveryDocument>): DeliveryDocument =>
  ({ ...unsent, createdAt: now - hour, durable: false, state: 'dispatched', ...changes }) as DeliveryDocument;
const connectionHealth = (deliveries: readonly DeliveryDocument[], nowMs: number) => healthOf(deliveries, nowMs, hour);
const many = (count: number, changes: Partial<DeliveryDocument>): DeliveryDocument[] =>
  Array.from({ length: count }, () => delivery(changes));

describe('the health of a connection', () => {
  test('healthy without any delivery yet', () => {
    expect(connectionHealth([], now)).toMatchObject({ health: 'healthy', window: { total: 0, successRate: null } });
  });

  test('without tracking, dispatched is success', () => {
    expect(connectionHealth(many(10, {}), now)).toMatchObject({
      health: 'healthy',
      window: { total: 10, succeeded: 10 },
    });
  });

  test('with tracking, dispatched is not yet success', () => {
    expect(
      connectionHealth(
        [...many(9, { durable: true, state: 'completed' }), ...many(1, { durable: true, dispatchedAt: now - hour })],
        now,
      ).health,
    ).toBe('warning');
  });

  test('with tracking, what was dispatched less than an hour ago is on its way', () => {
    const justSent = many(1, { durable: true, dispatchedAt: now - hour + 1 });
    expect(connectionHealth(justSent, now)).toMatchObject({
      health: 'healthy',
      window: { total: 0, successRate: null },
    });
    const late = many(1, { durable: true, dispatchedAt: now - hour });
    expect(connectionHealth(late, now)).toMatchObject({ health: 'critical', window: { total: 1, succeeded: 0 } });
  });

  test.each([
    [98, 2, 'healthy'],
    [97, 3, 'warning'],
    [90, 10, 'warning'],
    [89, 11, 'critical'],
  ] as const)('%i good and %i dead: %s', (good, dead, health) => {
    expect(connectionHealth([...many(good, {}), ...many(dead, { state: 'deadlettered' })], now).health).toBe(health);
  });

  test('what is not yet sent counts neither way', () => {
    expect(connectionHealth([...many(5, { state: 'pending' }), ...many(1, {})], now).window).toEqual({
      total: 1,
      succeeded: 1,
      successRate: 1,
    });
  });

  test('a warning without activity for a week', () => {
    expect(connectionHealth(many(3, { createdAt: now - 8 * 24 * hour }), now).health).toBe('warning');
  });
});

describe('why a delivery went wrong', () => {
  const failed = (status: number | null, reason = '', outcome: 'retry' | 'limited' | 'refused' = 'retry') =>
    failureKind(delivery({ state: 'deadlettered', attempts: [{ at: 0, outcome, status, reason }] }));

  test.each([
    [503, '', 'unavailable'],
    [403, '', 'authorization'],
    [401, '', 'authorization'],
    [404, '', 'not_found'],
    [422, '', 'refused'],
    [429, '', 'rate_limit'],
    [null, 'The operation was aborted due to timeout', 'timeout'],
    [null, 'getaddrinfo ENOTFOUND api.github.com', 'network'],
    [null, 'odd', 'other'],
  ] as const)('%s %s is %s', (status, reason, kind) => {
    expect(failed(status, reason)).toBe(kind);
  });

  test("the consumer's own failure is told apart", () => {
    expect(failureKind(delivery({ state: 'failed' }))).toBe('consumer_failed');
  });

  test('a delivery that went well has none', () => {
    expect(failureKind(delivery({ attempts: [{ at: 0, outcome: 'accepted', status: 204 }] }))).toBeNull();
  });
});
