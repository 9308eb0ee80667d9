import { expect, test } from '@jest/globals';
import { classifyAnswer } from './classify-answer.ts';

const now = Date.UTC(2026, 10, 22);
const classify = (status: number, message = '', headers: Record<string, string> = {}) =>
  classifyAnswer({ status, message, headers }, now);

test.each([
  [204, '', {}, 'accepted'],
  [500, '', {}, 'retry'],
  [502, '', {}, 'retry'],
  [503, '', {}, 'retry'],
  [408, '', {}, 'retry'],
  [401, 'Bad credentials', {}, 'retry'],
  [404, 'Not Found', {}, 'refused'],
  [422, 'client_payload is too large.', {}, 'refused'],
  [403, 'Resource not accessible by integration', {}, 'refused'],
  [403, 'Repository was archived so is read-only.', {}, 'refused'],
  [403, 'This installation has been suspended', {}, 'suspended'],
  [403, 'You have exceeded a secondary rate limit', {}, 'limited'],
  [403, 'API rate limit exceeded', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1' }, 'limited'],
  [429, '', {}, 'limited'],
  [403, 'Resource not accessible', { 'retry-after': '5' }, 'limited'],
] as const)('%i %s %j is %s', (status, message, headers, kind) => {
  expect(classify(status, message, headers).kind).toBe(kind);
});

test('retry-after goes before the reset of the limit, seconds or a date', () => {
  const both = { 'retry-after': '90', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(now / 1000 + 3600) };
  expect(classify(429, '', both)).toMatchObject({ notBefore: now + 90_000 });
  expect(classify(429, '', { 'retry-after': new Date(now + 7000).toUTCString() })).toMatchObject({
    notBefore: now + 7000,
  });
});

test('the reset counts only when nothing remains', () => {
  const reset = String(now / 1000 + 3600);
  expect(classify(403, 'rate limit', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset })).toMatchObject({
    notBefore: now + 3_600_000,
  });
  expect(
    classify(403, 'secondary rate limit', { 'x-ratelimit-remaining': '9', 'x-ratelimit-reset': reset }),
  ).toMatchObject({ notBefore: null });
});

test('no token of any form survives in a reason', () => {
  for (const token of [
    `ghs_${'a'.repeat(36)}`,
    `ghs_4242_eyJhbGciOi.J9${'x'.repeat(400)}.sig`,
    'eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJ4In0.c2ln',
    'Bearer abcdefghijklmnopqrstuvwxyz',
  ]) {
    expect(JSON.stringify(classify(422, `bad ${token} here`))).not.toContain(token.slice(-20));
  }
});
