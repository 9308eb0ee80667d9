import { describe, expect, test } from '@jest/globals';
import { repositoryRef } from '../identity/keys.ts';
import { digestOfRequest, isSameTerms, isWithin } from './grant.ts';
import type { Terms } from './subscription.ts';

const terms = (eventTypes: string[], conclusions: string[] = ['*']): Terms => ({ eventTypes, conclusions });

describe('what is asked for is within what is given', () => {
  test.each<[string, Terms, Terms, boolean]>([
    ['the same', terms(['a', 'b']), terms(['b', 'a']), true],
    ['less', terms(['a']), terms(['a', 'b']), true],
    ['some of everything', terms(['a'], ['success']), terms(['*']), true],
    ['everything of everything', terms(['*']), terms(['*', 'a']), true],
    ['another type', terms(['a', 'c']), terms(['a', 'b']), false],
    ['everything of some', terms(['*']), terms(['a']), false],
    ['fewer types but more conclusions', terms(['a'], ['*']), terms(['a', 'b'], ['success']), false],
  ])('%s', (_, asked, given, expected) => {
    expect(isWithin(asked, given)).toBe(expected);
  });
});

test('order and repetition make no other request, and * makes the rest superfluous', () => {
  expect(isSameTerms(terms(['b', 'a', 'a']), terms(['a', 'b']))).toBe(true);
  expect(isSameTerms(terms(['*', 'a']), terms(['*']))).toBe(true);
  expect(isSameTerms(terms(['a']), terms(['*']))).toBe(false);
});

test('the digest stands for service, consumer, owner and every term', () => {
  const consumer = repositoryRef('https://a.example', '1');
  const all = [
    digestOfRequest('svc-1', consumer, '10', terms(['a'])),
    digestOfRequest('svc-2', consumer, '10', terms(['a'])),
    digestOfRequest('svc-1', repositoryRef('https://b.example', '1'), '10', terms(['a'])),
    digestOfRequest('svc-1', consumer, '11', terms(['a'])),
    digestOfRequest('svc-1', consumer, '10', terms(['a', 'b'])),
    digestOfRequest('svc-1', consumer, '10', terms(['a'], ['success'])),
    digestOfRequest('svc-1', consumer, '10', terms(['a","b'])),
  ];
  expect(new Set(all).size).toBe(all.length);
  expect(digestOfRequest('svc-1', consumer, '10', terms(['b', 'a']))).toBe(all[4]);
});
