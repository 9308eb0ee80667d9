import { expect, test } from '@jest/globals';
import { mapStrings, printable, printableLines } from './printable.ts';

test('every control, every mark that turns text, and every character that can not be seen is shown', () => {
  const codes = [...Array.from({ length: 0x10000 }, (_, code) => code), 0xe0001, 0xe0041, 0xe007f, 0xe0100, 0x1d173];
  const hidden = codes
    .map((code) => String.fromCodePoint(code))
    .filter((it) => /\p{Cc}|\p{Bidi_Control}|\p{Zl}|\p{Zp}|\p{Default_Ignorable_Code_Point}/u.test(it));
  expect(hidden.length).toBeGreaterThan(120);
  for (const character of hidden) {
    expect(printable(`a${character}b`)).toMatch(/^a(?:\\u[0-9a-f]{4}){1,2}b$/);
    expect(JSON.parse(`"${printable(character)}"`)).toBe(character);
  }
});

test('text of all languages stays as it is', () => {
  const text =
    'Größe – 日本語, עברית, عربي, 🦀 é, 👨\u200d👩\u200d👧 ❤\ufe0f 🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}';
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
