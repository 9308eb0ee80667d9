import { showHidden } from './hidden-characters.ts';

/** As JSON writes it, so that JSON with it in its strings means the same. */
const escaped = (character: string): string =>
  Array.from(
    { length: character.length },
    (_, unit) => `\\u${character.charCodeAt(unit).toString(16).padStart(4, '0')}`,
  ).join('');

/**
 * Text from outside as a terminal or a log may show it: what a terminal would obey (C0 and C1 controls, ECMA-48), what turns the direction
 * of text, and what can't be seen, is shown as `\u001b`. Line breaks too: they forge rows of a table.
 */
export const printable = (text: string): string => showHidden(text, escaped);

/** The same, with line breaks and tabs as they are: for text that is ours, with words from outside in it. */
export const printableLines = (text: string): string =>
  showHidden(text, (character) => (character === '\n' || character === '\t' ? character : escaped(character)));

/** Every string in a value, the names of properties too, by `show`. */
export function mapStrings(value: unknown, show: (text: string) => string): unknown {
  if (typeof value === 'string') return show(value);
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, show));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [show(key), mapStrings(inner, show)]));
}
