import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { visibleText } from './visible-text.ts';

test.each([
  ['safe\u202egnp.exe', 'safe⟨U+202E⟩gnp.exe'],
  ['a\u2066b\u2069', 'a⟨U+2066⟩b⟨U+2069⟩'],
  ['re\u00adquested', 're⟨U+00AD⟩quested'],
  ['\u3164', '⟨U+3164⟩'],
  ['\u2028', '⟨U+2028⟩'],
  ['\u001b[31m', '⟨U+001B⟩[31m'],
  ['a\u200db', 'a⟨U+200D⟩b'],
  ['\u{e0041}', '⟨U+E0041⟩'],
  ['👨‍👩‍👧 ❤️ 👍🏽 🇸🇪', '👨‍👩‍👧 ❤️ 👍🏽 🇸🇪'],
  ['Grüße\nשלום 你好', 'Grüße\nשלום 你好'],
])('%j is shown as %j', (text, shown) => {
  expect(visibleText(text)).toBe(shown);
});

test('nothing that turns text around or hides is left, whatever was written', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (text) => {
      expect(visibleText(text)).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b\u2060\ufeff\u00ad]/u);
    }),
    { seed: 3 },
  );
});
