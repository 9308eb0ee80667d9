import { domainEventTypes, methodsOfServices, operations, type OperationName } from '@zekt/contracts';
import { expect, test } from '@jest/globals';
import { catalogueOf, groupsOf, zektCatalogue } from './catalogue.ts';
import { methodOf } from './methods.ts';

/** What no hook may look at or stop: hooks themselves, secrets, sign-in and its pages, how the server is, and what repairs it. */
const notHookable: readonly OperationName[] = [
  ...(Object.keys(operations) as OperationName[]).filter((name) => operations[name].path.startsWith('/api/hooks/')),
  'applyResources',
  'putSecret',
  'listSecrets',
  'deleteSecret',
  'listChannels',
  'deleteChannel',
  'listIdentities',
  'deleteIdentity',
  'listProviders',
  'testProvider',
  'showApprovalPage',
  'decideOnPage',
  'startSignIn',
  'finishSignIn',
  'linkAccount',
  'showLinkedAccounts',
  'confirmLinkedAccounts',
  'signOut',
  'getPageStyle',
  'getEvidenceKeys',
  // Who clicks is told apart inside of approvals.
  'approveByCard',
  'rejectByCard',
  'listDeadLetters',
  'reviveDeadLetter',
  'reviveDeadLetters',
  'redrive',
  'redeliverWebhooks',
  'diagnoseConnection',
  'diagnose',
  'getStats',
  'getHealth',
  'getReadiness',
  'getOpenApi',
];

test('every operation of the API either has one method, or is known to have none', () => {
  const used = Object.values(methodsOfServices).flatMap((methods) => Object.values(methods).flat() as OperationName[]);
  expect(new Set(used).size).toBe(used.length);
  for (const name of Object.keys(operations) as OperationName[])
    expect([name, methodOf(name) === null]).toEqual([name, notHookable.includes(name)]);
});

test('a method has a caller who can be told before it is done', () => {
  const tellable = ['workflow', 'party', 'management', 'reporter', 'github'];
  for (const [name, { caller }] of Object.entries(operations))
    if (methodOf(name as OperationName) !== null)
      expect([name, tellable]).toEqual([name, expect.arrayContaining([caller])]);
});

test('methods have the names that others rely on', () => {
  expect(methodOf('receiveEvent')).toBe('/zekt.event.v1.EventService/ReceiveEvent');
  expect(methodOf('receiveWebhook')).toBe('/zekt.webhook.v1.WebhookService/ReceiveWebhook');
  expect(methodOf('confirmDelivery')).toBe('/zekt.delivery.v1.DeliveryService/ConfirmDelivery');
  expect(methodOf('approveSubscription')).toBe('/zekt.subscription.v1.SubscriptionService/ApproveSubscription');
  expect(zektCatalogue.services.has('zekt.event.v1.EventService')).toBe(true);
  for (const method of zektCatalogue.methods)
    expect(method).toMatch(/^\/zekt(?:\.[a-z]\w*)+\.v1\.\w+Service\/[A-Z]\w+$/);
});

test('every domain event can be hooked into, alone and by its group', () => {
  expect([...zektCatalogue.events].sort()).toEqual([...domainEventTypes].sort());
  expect(zektCatalogue.groups.has('delivery')).toBe(true);
});

test('facts about hooks are no events that run hooks', () => {
  expect(catalogueOf([], [], ['hook.delivery.failed', 'a.b']).events).toEqual(new Set(['a.b']));
});

test('a function that no step of the loop asks hooks about can not be named', () => {
  expect([...zektCatalogue.functions]).toEqual([]);
});

test('an event is in the groups of its beginnings, the nearest first, and not in its own', () => {
  expect(groupsOf('a.b.c')).toEqual(['a.b', 'a']);
  expect(groupsOf('a')).toEqual([]);
});
