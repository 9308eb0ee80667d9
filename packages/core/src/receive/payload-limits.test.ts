import { expect, test } from '@jest/globals';
import { checkedPayload, maxPayloadDepth } from './payload-limits.ts';

const nested = (levels: number): unknown => {
  let value: unknown = 1;
  for (let level = 0; level < levels; level += 1) value = level % 2 === 0 ? [value] : { inner: value };
  return value;
};

test.each([[null], [false], [0], ['text'], [[]], [{}], [{ a: [1, { b: null }] }]])(
  'any JSON is a payload: %j',
  (payload) => {
    expect(checkedPayload(payload)).toBe(JSON.stringify(payload));
  },
);

test('what GitHub can not carry is refused by name, with size and limit', () => {
  expect(checkedPayload('x'.repeat(60_998))).toHaveLength(61_000);
  expect(() => checkedPayload('x'.repeat(60_999))).toThrow(
    expect.objectContaining({
      code: 'payload_too_large_for_dispatch',
      message: expect.stringMatching(/61001 .*61000/),
    }),
  );
});

test('size is counted in bytes, not characters', () => {
  expect(() => checkedPayload('é'.repeat(31_000))).toThrow(
    expect.objectContaining({ code: 'payload_too_large_for_dispatch' }),
  );
});

test('over 512 KB is refused by the wire’s own limit', () => {
  expect(() => checkedPayload('x'.repeat(524_287))).toThrow(expect.objectContaining({ code: 'payload_too_large' }));
});

test('too deep is refused', () => {
  expect(() => checkedPayload(nested(maxPayloadDepth))).not.toThrow();
  expect(() => checkedPayload(nested(maxPayloadDepth + 1))).toThrow(
    expect.objectContaining({ code: 'payload_too_deep' }),
  );
});
