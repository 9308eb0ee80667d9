import { expect, test } from '@jest/globals';
import { shortSentence } from './short-sentence.ts';

test.each(['z', '\u0416', '\u{1F980}', 'z ', '\u0416 \u0416'])(
  'of %j, sent a million times, little comes back',
  (text) => {
    const short = shortSentence(`There is no '${text.repeat(1_000_000)}'.`);
    expect(Buffer.byteLength(short)).toBeLessThan(520);
    expect(short).toMatch(/^There is no '.+…$/);
    expect(short).not.toContain('\uFFFD');
  },
);

test('a sentence of ours stays as it is', () => {
  const sentence =
    "There is no service 'acme/orders'. `zekt services` lists what there is. See https://zekt.example/approvals/apr_1.";
  expect(shortSentence(sentence)).toBe(sentence);
});
