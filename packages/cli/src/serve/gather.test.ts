import { expect, test } from '@jest/globals';
import { gather } from './gather.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('what one turn of the event loop brings goes as one, in order', async () => {
  const sent: (readonly number[])[] = [];
  const add = gather<number>((items) => sent.push(items));
  add(1);
  await Promise.resolve();
  add(2);
  expect(sent).toEqual([]);
  await turn();
  add(3);
  await turn();
  expect(sent).toEqual([[1, 2], [3]]);
});
