import { expect, test } from '@jest/globals';
import { mapStrings, printable, printableLines } from './printable.ts';

test('every control of C0 and C1, and every mark that turns text, is shown and not obeyed', () => {
  const controls = Array.from({ length: 0x2070 }, (_, code) => String.fromCharCode(code)).filter((it) =>
    /\p{Cc}|\p{Bidi_Control}|\p{Zl}|\p{Zp}/u.test(it),
  );
  expect(controls.length).toBeGreaterThan(70);
  for (const control of controls) expect(printable(`a${control}b`)).toMatch(/^a\\u[0-9a-f]{4}b$/);
});

test('text of all languages stays as it is', () => {
  const text = 'Größe – 日本語, עברית, عربي, 🦀 é\u200d';
  expect(printable(text)).toBe(text);
});

test('lines of ours keep their breaks', () => {
  expect(printableLines('a\n\tb\r\u001b[2J')).toBe('a\n\tb\\u000d\\u001b[2J');
});

test('JSON made printable means the same', () => {
  const value = { '\u202ea': ['\u009b', '\u001b', 1, null] };
  const text = printableLines(JSON.stringify(value, null, 2));
  expect(text).not.toMatch(/[\u0080-\u009f\u202e]/);
  expect(JSON.parse(text)).toEqual(value);
});

test('every string in a value is shown, the names too', () => {
  expect(mapStrings({ 'a\u001b': [{ b: '\u202e' }, 1, null, true] }, printable)).toEqual({
    'a\\u001b': [{ b: '\\u202e' }, 1, null, true],
  });
});
