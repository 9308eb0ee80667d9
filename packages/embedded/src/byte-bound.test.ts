import { expect, test } from '@jest/globals';
import { ByteBound } from './byte-bound.ts';

test('what fits is remembered, and what does not makes the oldest go', () => {
  const known = new ByteBound<string>(30);
  for (const key of ['a', 'b', 'c', 'd']) known.set(key, key, 10);
  expect(['a', 'b', 'c', 'd'].map((key) => known.get(key))).toEqual([undefined, 'b', 'c', 'd']);
});

test('what was used lately outlives what was not', () => {
  const known = new ByteBound<string>(30);
  for (const key of ['a', 'b', 'c']) known.set(key, key, 10);
  known.get('a');
  known.set('d', 'd', 10);
  known.set('e', 'e', 10);
  expect(['a', 'b', 'c', 'd', 'e'].map((key) => known.get(key))).toEqual(['a', undefined, undefined, 'd', 'e']);
});

test('when everything was used, the oldest goes, and the bound holds', () => {
  const known = new ByteBound<string>(30);
  for (const key of ['a', 'b', 'c']) known.set(key, key, 10);
  for (const key of ['a', 'b', 'c']) known.get(key);
  known.set('d', 'd', 10);
  expect(['a', 'b', 'c', 'd'].filter((key) => known.get(key) !== undefined)).toHaveLength(3);
});

test('what is larger than the bound is not remembered', () => {
  const known = new ByteBound<string>(30);
  known.set('a', 'a', 31);
  expect(known.get('a')).toBeUndefined();
  known.set('b', 'b', 10);
  expect(known.get('b')).toBe('b');
});
