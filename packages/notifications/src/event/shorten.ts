const ellipsis = '…';

/** At most `most` code points. The end is kept, too: that is where an error says what went wrong. */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  const points = Array.from(text);
  if (points.length <= most) return text;
  if (most < 1) return '';
  const tail = Math.floor((most - 1) * 0.3);
  const head = most - 1 - tail;
  return points.slice(0, head).join('') + ellipsis + (tail > 0 ? points.slice(-tail).join('') : '');
}

/**
 * The longest shortening of a text with which what is made of it keeps a limit.
 *
 * @param size of what is made of a text, in the limit's unit; must not shrink when the text grows
 */
export function fit(text: string, size: (text: string) => number, most: number): string {
  if (size(text) <= most) return text;
  let [low, high] = [0, Array.from(text).length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (size(shorten(text, middle)) <= most) low = middle;
    else high = middle - 1;
  }
  return shorten(text, low);
}

export const bytesOf = (text: string): number => Buffer.byteLength(text);
