import { expect, test } from '@jest/globals';
import { ManualClock } from './manual-clock.ts';
import { RememberedAnswers } from './remembered-answers.ts';

const clock = new ManualClock();
let asked = 0;
const ask = async (): Promise<number> => (asked += 1);
const remember = (most = 10): RememberedAnswers<number> => new RememberedAnswers(60_000, most, () => clock.now());

test('a question is asked once while its answer holds, and those who ask together share one request', async () => {
  const answers = remember();
  asked = 0;
  expect(await Promise.all([answers.get('a', ask), answers.get('a', ask)])).toEqual([1, 1]);
  clock.advance(59_999);
  expect(await answers.get('a', ask)).toBe(1);
  clock.advance(1);
  expect(await answers.get('a', ask)).toBe(2);
});

test('whoever needs an answer from now on does not get an older one', async () => {
  const answers = remember();
  asked = 0;
  await answers.get('a', ask);
  clock.advance(1);
  expect(await answers.get('a', ask, clock.now())).toBe(2);
  expect(await answers.get('a', ask, clock.now())).toBe(2);
});

test('a failure is asked again, and no more answers are kept than there is room for', async () => {
  const answers = remember(2);
  asked = 0;
  await expect(answers.get('a', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
  expect(await answers.get('a', ask)).toBe(1);
  await answers.get('b', ask);
  await answers.get('c', ask);
  expect(await answers.get('a', ask)).toBe(4);
});
