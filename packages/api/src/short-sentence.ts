const maxSentenceBytes = 500;
const maxWordBytes = 100;

/**
 * A sentence as it may leave: however much of it the caller wrote, it gets little of that back. Words of nobody's language are cut, and
 * so is the whole.
 */
export const shortSentence = (sentence: string): string =>
  cut(
    // What is much too long is cut first: the search for words looks at each character.
    sentence.slice(0, 10 * maxSentenceBytes).replace(/\S{34,}/gu, (word) => cut(word, maxWordBytes)),
    maxSentenceBytes,
  );

/** By whole characters; the dots come on top. */
function cut(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text);
  if (bytes.byteLength <= maxBytes) return text;
  return `${new TextDecoder().decode(bytes.subarray(0, maxBytes)).replace(/\uFFFD+$/, '')}…`;
}
