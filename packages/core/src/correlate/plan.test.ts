import { expect, test } from '@jest/globals';
import type { SubscriptionDocument } from '../directory/subscription.ts';
import { planDeliveries, type Plan } from './plan.ts';

const subscription = (changes: Partial<SubscriptionDocument> = {}): SubscriptionDocument => ({
  name: 'one',
  service: 'acme/built',
  repositoryId: '7',
  repository: 'contoso/platform',
  state: 'approved',
  eventTypes: ['*'],
  conclusions: ['*'],
  note: '',
  requestedAt: 0,
  requestedBy: null,
  durable: false,
  history: [],
  updatedAt: 0,
  ...changes,
});
const items = [
  { key: 'evt-a', eventId: 'evt-a', eventType: 'built' },
  { key: 'evt-b', eventId: 'evt-b', eventType: 'tested' },
  { key: 'evt-c', eventId: 'evt-c', eventType: 'built' },
];
const plan = (changes: Partial<Plan> = {}): Plan => ({
  correlationId: '1:2:1',
  conclusion: 'success',
  eventType: 'built',
  items,
  from: 0,
  ...changes,
});

test('each matching message is one delivery, each behind the one before it', () => {
  const planned = planDeliveries(plan(), [subscription({ eventTypes: ['built'] })]);
  expect(planned.map(({ item, after }) => [item.key, after])).toEqual([
    ['evt-a', null],
    ['evt-c', planned[0]?.deliveryId],
  ]);
});

test('what was decided before is not planned again, but keeps its place in the order', () => {
  const all = planDeliveries(plan(), [subscription()]);
  expect(planDeliveries(plan({ from: 2 }), [subscription()])).toEqual(all.slice(2));
});

test('a delivery id depends on what is delivered and to whom, and on nothing else', () => {
  const [first] = planDeliveries(plan(), [subscription()]);
  const [again] = planDeliveries(plan({ items: items.slice(0, 1), conclusion: 'failure' }), [
    subscription({ eventTypes: ['built'], note: '', requestedAt: 0, requestedBy: null, durable: true }),
  ]);
  const [elsewhere] = planDeliveries(plan(), [subscription({ repositoryId: '8' })]);
  expect(again?.deliveryId).toBe(first?.deliveryId);
  expect(elsewhere?.deliveryId).not.toBe(first?.deliveryId);
});

test.each(['pending', 'rejected', 'revoked'] as const)('a subscription that is %s gets nothing', (state) => {
  expect(planDeliveries(plan(), [subscription({ state })])).toEqual([]);
});

test('the conclusion filter decides about the whole run', () => {
  expect(planDeliveries(plan({ conclusion: 'failure' }), [subscription({ conclusions: ['success'] })])).toEqual([]);
  expect(planDeliveries(plan({ conclusion: 'failure' }), [subscription({ conclusions: ['failure'] })])).toHaveLength(3);
});

test("the run alone goes out under the service's event type", () => {
  const alone = plan({ items: [{ key: 'run', eventId: 'evt-run', eventType: null }], eventType: 'infrastructure' });
  expect(planDeliveries(alone, [subscription()])[0]?.eventType).toBe('infrastructure');
  expect(planDeliveries(alone, [subscription({ eventTypes: ['built'] })])).toEqual([]);
});
