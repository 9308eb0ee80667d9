import type { Environment } from '@marcbachmann/cel-js';
import { formatText } from './format-text.ts';
import { charactersOfAStep, type Spend } from './meter.ts';

/** Where the library counts in code units, so do these. */
function charAt(text: string, index: bigint): string {
  if (index < 0n || index > BigInt(text.length)) throw new RangeError(`charAt: index ${index} is out of range`);
  return text.charAt(Number(index));
}

/** @param most how many are replaced; negative: all */
function replaceSome(spend: Spend, text: string, what: string, by: string, most: bigint): string {
  // What grows is paid for before it is made.
  const found = what === '' ? text.length + 1 : text.split(what).length;
  spend(Math.ceil((found * by.length) / charactersOfAStep));
  if (most < 0n) return text.replaceAll(what, () => by);
  let left = most;
  return text.replaceAll(what, (it) => {
    left -= 1n;
    return left >= 0n ? by : it;
  });
}

/** Of cel-go's strings extension what the library lacks ("ext: Strings", github.com/google/cel-go). */
export function addStringFunctions(environment: Environment, spend: Spend): void {
  environment
    .registerFunction('string.charAt(int): string', charAt)
    .registerFunction('string.replace(string, string): string', (text: string, what: string, by: string) =>
      replaceSome(spend, text, what, by, -1n),
    )
    .registerFunction(
      'string.replace(string, string, int): string',
      (text: string, what: string, by: string, most: bigint) => replaceSome(spend, text, what, by, most),
    )
    .registerFunction('string.reverse(): string', (text: string) => Array.from(text).reverse().join(''))
    .registerFunction('string.format(list): string', formatText);
  class Strings {
    readonly name = 'strings';
  }
  environment
    .registerType('strings', Strings)
    .registerConstant('strings', 'strings', new Strings())
    .registerFunction('strings.quote(string): string', (_: unknown, text: string) => JSON.stringify(text));
}
