import { expect, test } from '@jest/globals';
import { isPublic } from './is-public.ts';

test.each([
  [{ repository: { visibility: 'public', private: false } }, null, true],
  [{ repository: { visibility: 'internal', private: true } }, null, false],
  [{ repository: { private: true } }, null, false],
  [{ repository: { private: false } }, null, true],
  [{}, 'private', false],
  [{}, 'public', true],
  [{ repository: { private: true } }, 'public', true],
  [{}, null, true],
])('%j with the claim %j is public: %j', (event, claim, expected) => {
  expect(isPublic(event, claim)).toBe(expected);
});
