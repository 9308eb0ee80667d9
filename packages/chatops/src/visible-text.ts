/**
 * An emoji as Unicode recommends it for interchange, joiners and all; or one character that shows nothing or changes how others are shown:
 * controls, bidirectional marks, joiners and fillers, lone surrogates. Line breaks and tabs are left to whoever sets the text.
 */
const emojiOrHidden =
  /\p{RGI_Emoji}|[[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]--[\t\n\r]]/gv;

const isHidden = /^[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]$/v;

/**
 * Text that somebody else wrote, with nothing hidden in it: a character that can't be seen is shown as `⟨U+202E⟩`, so that it neither turns
 * a line around nor makes two names look alike.
 */
export const visibleText = (text: string): string =>
  text.replace(emojiOrHidden, (found) => (isHidden.test(found) ? `⟨U+${codeOf(found)}⟩` : found));

const codeOf = (character: string): string =>
  (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
