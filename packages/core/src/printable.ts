/**
 * C0 and C1 controls, which a terminal obeys (ECMA-48), and the marks that turn the direction of text (Unicode Standard Annex 9), with
 * which text can look like another. Line breaks forge rows of a table.
 */
const unprintable = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Text from outside as a terminal or a log may show it: what would be obeyed is shown, as `\u001b`. */
export const printable = (text: string): string => text.replace(unprintable, escaped);

/** The same, with line breaks and tabs as they are: for text that is ours, with words from outside in it. */
export const printableLines = (text: string): string =>
  text.replace(unprintable, (character) => (character === '\n' || character === '\t' ? character : escaped(character)));

/** Every string in a value, the names of properties too, by `show`. */
export function mapStrings(value: unknown, show: (text: string) => string): unknown {
  if (typeof value === 'string') return show(value);
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, show));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [show(key), mapStrings(inner, show)]));
}
