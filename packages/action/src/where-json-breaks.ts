/**
 * Line and column, and what is wrong there; nothing of the text itself, which may be private.
 *
 * @param text that `JSON.parse` does not take
 */
export function whereJsonBreaks(text: string): string {
  const { reason, offset } = breakOf(text) ?? { reason: 'unexpected character', offset: searchBreak(text) };
  const before = text.slice(0, offset).split('\n');
  return `${reason} at line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}

interface Break {
  readonly reason: string;
  readonly offset: number;
}

/** What V8 says of a text; null where it gives no position, but quotes the text. */
function breakOf(text: string): Break | null {
  const message = refusalOf(text) ?? '';
  if (message.includes('end of JSON')) return { reason: 'it ends too early', offset: text.length };
  const [, reason, position] = /^(.*?) in JSON at position (\d+)/.exec(message) ?? [];
  return reason === undefined ? null : { reason, offset: Number(position) };
}

function refusalOf(text: string): string | null {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
}

/** A text is refused at its end only, if at all, as long as it is cut off before what is wrong in it. */
function searchBreak(text: string): number {
  let good = 0;
  let bad = text.length;
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    const start = text.slice(0, middle);
    const isGood = refusalOf(start) === null || breakOf(start)?.offset === middle;
    if (isGood) good = middle;
    else bad = middle;
  }
  return good;
}
