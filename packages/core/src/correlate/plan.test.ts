import { expect, test } from '@jest/globals';
import type { SubscriptionDocument } from '../directory/subscription.ts';
import { planLanes } from './plan.ts';
import type { Item } from './run-document.ts';

const terms = { eventTypes: ['*'], conclusions: ['*'] };
const grant = { ...terms, digest: '', ownerId: '22', by: 'operator', at: 0 };
const subscription = (changes: Partial<SubscriptionDocument> = {}): SubscriptionDocument => ({
  id: 'sub-a',
  name: 'one',
  provider: 'tag.1',
  serviceId: 'svc-a',
  service: 'acme/built',
  shownAs: 'acme/built',
  consumer: 'tag.7',
  repository: 'contoso/platform',
  installationId: '2',
  ownerId: '22',
  state: 'approved',
  terms,
  digest: '',
  granted: grant,
  durable: false,
  note: '',
  requestedAt: 0,
  requestedBy: null,
  updatedAt: 0,
  ...changes,
});
const item = (key: string, eventType: string): Item => ({ key, eventId: `evt-${key}`, eventType, receivedAt: 0 });
const items = [item('a', 'built'), item('b', 'tested'), item('c', 'built')];
const itemsFor = (changes: Partial<SubscriptionDocument>, conclusion = 'success'): readonly number[] =>
  planLanes(items, conclusion, [subscription(changes)])[0]?.items ?? [];

test('each item that a subscription may have is in its lane, in order', () => {
  expect(itemsFor({ granted: { ...grant, eventTypes: ['built'] } })).toEqual([0, 2]);
});

test('what comes later is added to the lanes that are there, and to new ones behind them', () => {
  const before = planLanes(items.slice(0, 2), 'success', [subscription()]);
  const newcomer = subscription({ id: 'sub-b', name: 'two' });
  const after = planLanes(items, 'success', [newcomer, subscription()], before, 2);
  expect(after.map(({ subscriptionId, items: own }) => [subscriptionId, own])).toEqual([
    ['sub-a', [0, 1, 2]],
    ['sub-b', [2]],
  ]);
});

test('a right that was taken back keeps what was planned, and gets nothing new', () => {
  const before = planLanes(items.slice(0, 1), 'success', [subscription()]);
  const after = planLanes(items, 'success', [subscription({ state: 'revoked', granted: null })], before, 1);
  expect(after.map(({ items: own }) => own)).toEqual([[0]]);
});

test.each(['rejected', 'revoked'] as const)('a subscription that is %s gets nothing', (state) => {
  expect(itemsFor({ state, granted: null })).toEqual([]);
});

test('a suspended subscription gets nothing, although its grant is kept', () => {
  expect(itemsFor({ state: 'suspended' })).toEqual([]);
});

test('while more is asked for, what is granted goes on', () => {
  expect(itemsFor({ state: 'pending', granted: { ...grant, eventTypes: ['tested'] } })).toEqual([1]);
});

test('what is only asked for is not given', () => {
  expect(itemsFor({ state: 'pending', granted: null })).toEqual([]);
});

test('the conclusion filter decides about the whole run', () => {
  const onSuccess = { granted: { ...grant, conclusions: ['success'] } };
  expect(itemsFor(onSuccess, 'failure')).toEqual([]);
  expect(itemsFor(onSuccess)).toEqual([0, 1, 2]);
});
