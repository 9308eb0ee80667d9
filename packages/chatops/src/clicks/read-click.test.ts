import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readClick, typedCommentBody } from './read-click.ts';

const read = (text: string, contentType = 'application/json'): string =>
  readClick(Buffer.from(text), contentType).comment;
/** Microsoft puts what was typed into the body as it is. */
const substituted = (body: string, typed: string): string => body.replace('{{reason.value}}', () => typed);

const awkward = [
  'she said "no"',
  'two\nlines\r\nand\ttab',
  'C:\\new\\temp',
  '\\',
  '"}',
  '😀 👨‍👩‍👧',
  '{{x}}',
  '\\u0041',
  '"',
];

describe('a comment', () => {
  test.each(awkward)('%j survives what Microsoft makes of our card', (typed) => {
    expect(read(substituted(typedCommentBody('reason'), typed))).toBe(typed);
  });

  test.each(awkward)('%j survives as JSON, as a form, and in the activity of a bot', (typed) => {
    expect(read(JSON.stringify({ comment: typed }))).toBe(typed);
    expect(
      read(new URLSearchParams({ comment: typed }).toString(), 'application/x-www-form-urlencoded; charset=utf-8'),
    ).toBe(typed);
    expect(read(JSON.stringify({ type: 'invoke', value: { action: { data: { comment: typed } } } }))).toBe(typed);
  });

  test('of any characters survives in every form of body', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const typed = text.toWellFormed();
        const kept = typed.trim();
        expect(read(substituted(typedCommentBody('reason'), typed))).toBe(kept);
        expect(read(JSON.stringify({ comment: typed }))).toBe(kept);
        expect(read(new URLSearchParams({ comment: typed }).toString(), 'application/x-www-form-urlencoded')).toBe(
          kept,
        );
        expect(read(JSON.stringify({ value: { action: { data: { comment: typed } } } }))).toBe(kept);
      }),
      { seed: 12, numRuns: 500 },
    );
  });

  test('that breaks the JSON of a card made elsewhere is what stands in its frame', () => {
    for (const typed of ['she said "no"', 'two\nlines', 'back\\slash'])
      expect(read(`{"comment":"${typed}"}`)).toBe(typed);
  });

  test('has at most 2,000 characters, none of them cut in two', () => {
    expect(read(JSON.stringify({ comment: 'x'.repeat(2001) }))).toHaveLength(2000);
    expect(read(JSON.stringify({ comment: `${'x'.repeat(1999)}😀` }))).toBe('x'.repeat(1999));
  });
});

test.each([
  '',
  '[]',
  'null',
  '1',
  '{"comment":5}',
  'no json',
  '{"value":null}',
  '{"value":{"action":null}}',
  '{"comment":"',
])('%j is no comment', (text) => {
  expect(read(text)).toBe('');
  expect(read(text, 'application/x-www-form-urlencoded')).toBe('');
});
