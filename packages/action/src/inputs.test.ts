import { describe, expect, test } from '@jest/globals';
import { readInputs } from './inputs.ts';

const read = (inputs: Record<string, string>, isStepReport = false) =>
  readInputs((name) => inputs[name] ?? '', isStepReport);
const server = 'https://zekt.example.com';
const withType = (inputs: Record<string, string>) => read({ 'event-type': 'built', 'zekt-api-url': server, ...inputs });

test('defaults', () => {
  expect(withType({})).toEqual({
    eventType: 'built',
    payload: '{}',
    apiUrl: server,
    audience: server,
    timeoutMs: 60_000,
    failOnError: true,
  });
});

test('event-type is required, but for the report of an orchestration step', () => {
  expect(() => read({})).toThrow(/'event-type' is missing/);
  expect(() => read({ 'event-type': '  ' })).toThrow(/'event-type' is missing/);
  expect(() => read({ 'zekt-api-url': server }, true)).not.toThrow();
});

test('an event type longer than GitHub takes is refused, with its length', () => {
  expect(() => read({ 'event-type': 'x'.repeat(101) })).toThrow(/101 characters/);
});

describe('payload', () => {
  test.each(['{}', '[]', 'null', '"text"', '12345678901234567890', '{"a":1e400}'])(
    'any JSON is passed on as it is written: %s',
    (payload) => {
      expect(withType({ payload }).payload).toBe(payload);
    },
  );

  test('broken JSON is told with line and column, and nothing of it is quoted', () => {
    const payload = '{\n  "password": "hunter2",\n  oops\n}';
    expect(() => withType({ payload })).toThrow(/line 3, column 3/);
    expect(() => withType({ payload })).toThrow(
      expect.objectContaining({ message: expect.not.stringMatching(/hunter2|oops/) }),
    );
    expect(() => withType({ payload: '{"a":' })).toThrow(/ends too early at line 1, column 6/);
  });

  test.each([
    ['{"size": large}', 'unexpected character at line 1, column 10'],
    ['{\n  "size": "large",\n  "count": ,\n}', 'unexpected character at line 3, column 12'],
    ['[1,\n 2,\n 3 4]', 'array element at line 3, column 4'],
    ['{"a": 1}\nrest', 'at line 2, column 1'],
    ['{\n  "a": tru\n}', 'unexpected character at line 2, column 11'],
    ['{\n  // why\n  "a": 1\n}', 'at line 2, column 3'],
    ['[\n  "open', 'at line 2, column'],
  ])('broken JSON is told where it breaks: %j', (payload, where) => {
    expect(() => withType({ payload })).toThrow(where);
  });

  test('too large is told with its size', () => {
    expect(() => withType({ payload: JSON.stringify('x'.repeat(524_287)) })).toThrow(
      /524289 bytes; the limit is 524288/,
    );
  });
});

describe('zekt-api-url', () => {
  test.each(['', '  '])('has no default: %j names the input, and the variable that it is usually in', (given) => {
    expect(() => withType({ 'zekt-api-url': given })).toThrow(/'zekt-api-url'.*vars\.ZEKT_API_URL/);
  });

  test('is whom the token is for, without a path, unless the input audience says otherwise', () => {
    expect(withType({ 'zekt-api-url': 'https://Zekt.example.com/behind/a/proxy/' }).audience).toBe(server);
    expect(withType({ audience: 'api://zekt' }).audience).toBe('api://zekt');
  });

  test.each([
    ['https://zekt.example.com/', 'https://zekt.example.com'],
    ['https://zekt.example.com/base//', 'https://zekt.example.com/base'],
    ['http://127.0.0.1:7070', 'http://127.0.0.1:7070'],
    ['http://[::1]:7070', 'http://[::1]:7070'],
    ['http://localhost:1', 'http://localhost:1'],
  ])('%s', (url, expected) => {
    expect(withType({ 'zekt-api-url': url }).apiUrl).toBe(expected);
  });

  test.each([
    'http://zekt.example.com',
    'http://127.0.0.1.evil.example',
    'http://localhost@evil.example',
    'ftp://x',
    'file:///etc/passwd',
    'nonsense',
    'https://user:pass@zekt.example.com',
  ])('%s is refused', (url) => {
    expect(() => withType({ 'zekt-api-url': url })).toThrow(/zekt-api-url/);
  });
});

test.each(['yes', '1', 'on', 'tRue', 'truthy'])('fail-on-error: %s is refused, not read as false', (value) => {
  expect(() => withType({ 'fail-on-error': value })).toThrow(/must be true or false/);
});

test.each(['0', '241', '1.5', '-1', 'soon', '1e2'])('timeout-seconds: %s is refused', (value) => {
  expect(() => withType({ 'timeout-seconds': value })).toThrow(/1 to 240/);
});
