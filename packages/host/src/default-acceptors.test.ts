import { expect, test } from '@jest/globals';
import { defaultAcceptors } from './default-acceptors.ts';

test.each([
  [1, 0],
  [2, 0],
  [3, 1],
  [4, 2],
  [64, 4],
])('with %i cores %i threads listen', (cores, threads) => {
  expect(defaultAcceptors(cores, 'linux')).toBe(threads);
});

test.each(['darwin', 'win32'])('where threads can not share a port, none does: %s', (platform) => {
  expect(defaultAcceptors(64, platform)).toBe(0);
});
