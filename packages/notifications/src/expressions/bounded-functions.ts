import { Environment } from '@marcbachmann/cel-js';
import { linearPattern } from './linear-pattern.ts';
import type { Spend } from './meter.ts';
import { patternSize } from './pattern-size.ts';

/**
 * The library's `matches` is JavaScript's, which backtracks, and its `duration` takes cubic time for a long text. What an expression calls by
 * these names is replaced by ours.
 */
export const replacements: ReadonlyMap<string, string> = new Map([
  ['matches', 'matchesRe2'],
  ['duration', 'durationOf'],
]);

/** Instructions of a pattern that are tried in a step. */
const triesOfAStep = 2000;
const longestDuration = 40;

const libraryDuration = new Environment().registerVariable('text', 'string').parse('duration(text)') as (variables: {
  text: string;
}) => unknown;

export function addBoundedFunctions(environment: Environment, spend: Spend): void {
  const matches = (text: string, pattern: string): boolean => {
    spend(patternSize(pattern));
    const compiled = linearPattern(pattern);
    if (typeof compiled === 'string') throw new SyntaxError(compiled);
    spend(Math.ceil((compiled.size * text.length) / triesOfAStep));
    return compiled.test(text);
  };
  environment
    .registerFunction('string.matchesRe2(string): bool', matches)
    .registerFunction('matchesRe2(string, string): bool', matches)
    .registerFunction('durationOf(string): google.protobuf.Duration', (text: string) => {
      if (text.length > longestDuration) throw new RangeError('duration() takes a short text like 1h30m');
      return libraryDuration({ text });
    });
}
