import { expect, test } from '@jest/globals';
import { escapeCommands } from './escape-commands.ts';

test.each([
  '::save-state name=a::b',
  'fine.\n::set-output name=a::b',
  'fine.\r::add-mask::x',
  '   ::error::x',
  ':::::',
  '##[set-env name=a]b',
  '\u2028::stop-commands::x',
])('%j is no workflow command', (text) => {
  const escaped = escapeCommands(text);
  expect(escaped).not.toMatch(/::|##\[|[\r\n\u0085\u2028\u2029]/);
  expect(decodeURIComponent(escaped)).toBe(text);
});

test('a sentence and an address stay as they are', () => {
  const text = 'Accepted: see https://zekt.example/approvals/apr_1 (order 12).';
  expect(escapeCommands(text)).toBe(text);
});
