import { expect, test } from '@jest/globals';
import { judgeAnswer } from './judge-answer.ts';

const of = (status: number, text = '', headers = {}) => judgeAnswer({ status, text, headers }, 0);

test('a connector of Teams hides a limit in a 200', () => {
  const sentence = 'Microsoft Teams endpoint returned HTTP error 429 with ContextId x';
  for (const text of [sentence, `Webhook message delivery failed with error: ${sentence}`])
    expect(of(200, text)).toMatchObject({ kind: 'limited', afterMs: null });
});

test('an endpoint that echoes a message about a limit has taken it', () => {
  expect(of(200, '{"message":"Microsoft Teams endpoint returned HTTP error 429"}')).toEqual({ kind: 'done' });
  expect(of(200, 'taken: HTTP error 429')).toEqual({ kind: 'done' });
});

test('what was taken was taken, however its answer ended', () => {
  for (const cut of ['tooLong', 'brokenOff', 'tooSlow'] as const)
    expect(judgeAnswer({ status: 202, text: '{"a', headers: {}, cut }, 0)).toEqual({ kind: 'done' });
});
