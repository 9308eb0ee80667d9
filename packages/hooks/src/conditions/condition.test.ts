import { expect, test } from '@jest/globals';
import type { HookCondition } from '@zekt/contracts';
import { candidatesFor } from './candidates.ts';
import { conditionIdOf, conditionOf, readConditionId } from './condition.ts';

const same: readonly (readonly [HookCondition, string])[] = [
  [
    { request: { method: '/zekt.event.v1.EventService/ReceiveEvent' } },
    'request:/zekt.event.v1.EventService/ReceiveEvent',
  ],
  [{ request: { service: 'zekt.event.v1.EventService' } }, 'request:zekt.event.v1.EventService'],
  [{ response: { all: true } }, 'response:*'],
  [{ function: { name: 'prepolicy' } }, 'function:prepolicy'],
  [{ event: { event: 'delivery.failed' } }, 'event:delivery.failed'],
  [{ event: { group: 'delivery' } }, 'event:delivery.*'],
  [{ event: { all: true } }, 'event:*'],
];

test.each(same)('%j is %s, read and printed', (condition, id) => {
  expect(conditionIdOf(condition)).toBe(id);
  expect(readConditionId(id)).toBe(id);
  expect(conditionOf(id as never)).toEqual(condition);
});

test('a group with and without its star is one condition', () => {
  expect(conditionIdOf({ event: { group: 'delivery.*' } })).toBe(conditionIdOf({ event: { group: 'delivery' } }));
});

test.each<object>([
  {},
  { request: {} },
  { request: { method: '/a/B', all: true } },
  { request: { all: true }, response: { all: true } },
  { request: { all: false } },
  { request: { method: 'a.B' } },
  { request: { service: '/a/B' } },
  { request: { service: '*' } },
  { event: { event: 'delivery.*' } },
  { event: { group: '*' } },
  { event: { event: '' } },
])('%j names nothing, or two things, and is refused', (condition) => {
  expect(() => conditionIdOf(condition)).toThrow('exactly one of');
});

test.each(['', 'request', 'request:', 'function:*', 'event:a..b', 'event:.*', 'event:a.*.*', 'other:a', 'request:/a'])(
  'the text %j is no condition',
  (text) => {
    expect(readConditionId(text)).toBeNull();
  },
);

test('a method meets itself, its service, then all; its phase alone', () => {
  expect(candidatesFor({ phase: 'request', method: '/x.UserService/Add' })).toEqual([
    'request:/x.UserService/Add',
    'request:x.UserService',
    'request:*',
  ]);
});

test('an event meets itself, each group from the nearest, then all, by whole segments', () => {
  expect(candidatesFor({ phase: 'event', event: 'a.b.c' })).toEqual([
    'event:a.b.c',
    'event:a.b.*',
    'event:a.*',
    'event:*',
  ]);
  expect(candidatesFor({ phase: 'event', event: 'runner.offline' })).not.toContain('event:run.*');
  expect(candidatesFor({ phase: 'event', event: 'project' })).toEqual(['event:project', 'event:*']);
});

test('a function is met by its name alone', () => {
  expect(candidatesFor({ phase: 'function', name: 'prepolicy' })).toEqual(['function:prepolicy']);
});
