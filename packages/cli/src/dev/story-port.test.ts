import { expect, test } from '@jest/globals';
import { freePort } from '../serve/free-port.ts';
import { storyPort } from './story-port.ts';

test('a story is where client commands look for it, if nobody else is there', async () => {
  expect(await storyPort({ port: undefined, once: false })).toBe(await freePort('127.0.0.1', 7070));
  expect(await storyPort({ port: undefined, once: true })).toBe(0);
  expect(await storyPort({ port: 7171, once: true })).toBe(7171);
});
