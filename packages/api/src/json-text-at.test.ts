import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { jsonTextAt } from './json-text-at.ts';

test('the text is as it was written, numbers, spaces and escapes included', () => {
  const payload = '{ "build": 12345678901234567890, "ratio": 1.10, "name": "\\u00e4" }';
  expect(jsonTextAt(`{"onApprove": {"payload": ${payload} }}`, ['onApprove', 'payload'])).toBe(payload);
});

test('there is none where there is no such member', () => {
  expect(jsonTextAt('{"onApprove": {}}', ['onApprove', 'payload'])).toBeNull();
  expect(jsonTextAt('{"onApprove": [1]}', ['onApprove', 'payload'])).toBeNull();
  expect(jsonTextAt('[]', ['onApprove', 'payload'])).toBeNull();
});

test('of members with the same name the last counts, whatever is in them', () => {
  const twice = '{"a":{"p":1},"a":{"p":{"p":2},"p":3}}';
  expect(jsonTextAt(twice, ['a', 'p'])).toBe('3');
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom('p', '\\u0070', 'q'), fc.json()), { maxLength: 5 }), (members) => {
      const text = `{"a": {${members.map(([name, value]) => `"${name}" : ${value}`).join(' , ')}} }`;
      const { a } = JSON.parse(text) as { a: { p?: unknown } };
      const found = jsonTextAt(text, ['a', 'p']);
      expect(found === null ? undefined : (JSON.parse(found) as unknown)).toEqual(a.p);
    }),
    { seed: 7 },
  );
});
