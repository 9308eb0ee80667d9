import { showHidden } from '@zekt/core';

/**
 * Text that somebody else wrote, with nothing hidden in it: a character that can't be seen is shown as `⟨U+202E⟩`. Line breaks and tabs are
 * left to whoever sets the text.
 */
export const visibleText = (text: string): string =>
  showHidden(text, (character) => (/[\t\n\r]/.test(character) ? character : `⟨U+${codeOf(character)}⟩`));

const codeOf = (character: string): string =>
  (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
