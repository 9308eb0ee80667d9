import { expect, test } from '@jest/globals';
import { fuzz } from './fuzz.ts';

test('1,000 requests to all routes, nearly right or broken: no failure of the server, no echo, nothing at error', async () => {
  expect(await fuzz(1000)).toEqual({ requests: 1000, failure: null });
});
