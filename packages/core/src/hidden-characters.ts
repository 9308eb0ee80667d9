/** Shows nothing, or changes how others are shown: controls, marks of direction, joiners, fillers and tags, lone surrogates. */
const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/v;

/** An emoji as Unicode recommends it for interchange, joiners and all (Unicode Technical Standard 51); or one hidden character. */
const emojiOrHidden = /\p{RGI_Emoji}|[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/gv;

const isHidden = /^[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]$/v;

/**
 * Text with every character shown that can't be seen: it could hide words, turn a line around, or make two names look alike. What joins an
 * emoji is left as it is.
 *
 * @param show what stands for such a character
 */
export const showHidden = (text: string, show: (character: string) => string): string =>
  // Most text has none, and looking for emoji takes longer.
  hidden.test(text) ? text.replace(emojiOrHidden, (found) => (isHidden.test(found) ? show(found) : found)) : text;
