import { expect, test } from '@jest/globals';
import { wordsFromOutside } from './words-from-outside.ts';

test('one line is escaped, and is no block', () => {
  expect(wordsFromOutside('::save-state name=a::b')).toBe(':%3Asave-state name=a:%3Ab');
});

test.each(['\n', '\r\n', '\r', '\u2028', '\u2029', '\u0085'])(
  'several lines, ended by %j, stand escaped in a block that takes no commands',
  (end) => {
    const text = ['Refused.', '::set-output name=a::b', '##[error]c'].join(end);
    expect(wordsFromOutside(text, () => 'token')).toBe(
      ['::stop-commands::token', 'Refused.', ':%3Aset-output name=a:%3Ab', '##%5Berror]c', '::token::'].join('\n'),
    );
  },
);

test('each block has a token of its own that nobody can know, and the words can not end it', () => {
  const blocks = [1, 2].map(() => wordsFromOutside('a\n::token::\nb').split('\n'));
  const tokens = blocks.map(([first = '']) => /^::stop-commands::([0-9a-f]{32})$/.exec(first)?.[1]);
  expect(new Set(tokens).size).toBe(2);
  for (const [index, lines] of blocks.entries()) {
    expect(lines.at(-1)).toBe(`::${tokens[index] ?? ''}::`);
    expect(lines.slice(1, -1)).toEqual(['a', ':%3Atoken:%3A', 'b']);
  }
});
