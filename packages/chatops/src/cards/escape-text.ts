import { visibleText } from '../visible-text.ts';
import type { Fact } from './card-content.ts';

/**
 * Text as cards show it unchanged: cards take Markdown, Adaptive Cards take `{{…}}` for dates, and MessageCards take some HTML. Characters
 * that control or hide (bidirectional overrides among them) are shown by their numbers.
 */
export function escapeText(text: string): string {
  return visibleText(text.replace(/\r\n?/g, '\n'))
    .replace(/[\\`*_[\]~|]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('{{', '{\u200a{')
    .replace(/^(\s*)([#+-]|\d+[.)])(?=\s)/gm, (_, space: string, mark: string) =>
      /^\d/.test(mark) ? `${space}${mark.slice(0, -1)}\\${mark.slice(-1)}` : `${space}\\${mark}`,
    );
}

/** With each line on a line of its own: Markdown joins what is not a paragraph apart. */
export const escapeLines = (text: string): string => escapeText(text).replace(/\n+/g, '\n\n');

/** A fact's value; a digest in groups, since cards break lines at spaces only. */
export const escapeFact = ({ value, isDigest }: Fact): string =>
  isDigest ? value.replace(/.{16}(?=.)/g, '$& ') : escapeLine(value);

/** On one line. */
export const escapeLine = (text: string): string => escapeText(text.replace(/\s+/g, ' ').trim());
