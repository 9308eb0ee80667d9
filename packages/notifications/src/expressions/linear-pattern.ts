import { RE2JS } from 're2js';
import { patternSize } from './pattern-size.ts';

/** Instructions of a program: to compile a larger one takes milliseconds, and each may take a step at each character. */
export const mostInstructions = 1000;

/** A regular expression of RE2 ("Syntax", github.com/google/re2), which takes no more than linear time. */
export interface LinearPattern {
  /** Steps that each character of a text may take. */
  readonly size: number;
  /** Whether it matches anywhere in a text. */
  readonly test: (text: string) => boolean;
}

const compiled = new Map<string, LinearPattern | string>();
/** Instructions, and entries, that are kept. */
const mostKept = { size: 200_000, entries: 5000 };
let keptSize = 0;

/** Compiled at first use; or why it is none. */
export function linearPattern(pattern: string): LinearPattern | string {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  const made = compile(pattern);
  keptSize += typeof made === 'string' ? 0 : made.size;
  if (compiled.size >= mostKept.entries || keptSize > mostKept.size) {
    compiled.clear();
    keptSize = typeof made === 'string' ? 0 : made.size;
  }
  compiled.set(pattern, made);
  return made;
}

function compile(pattern: string): LinearPattern | string {
  const shown = `'${pattern.slice(0, 100)}'`;
  const tooLarge = `${shown} is too large: with its repetitions written out, a regular expression may have ${mostInstructions} parts.`;
  if (patternSize(pattern) > mostInstructions) return tooLarge;
  try {
    const program = RE2JS.compile(pattern);
    const size = program.programSize();
    return size > 2 * mostInstructions ? tooLarge : { size, test: (text) => program.test(text) };
  } catch (error) {
    return `${shown} is no RE2 expression: ${error instanceof Error ? error.message : ''}`;
  }
}
