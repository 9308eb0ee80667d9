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
 * What is made of a text, or of the longest shortening of it with which a limit is kept.
 *
 * @param size of what is made, in the limit's unit; must not shrink when the text grows
 */
export function fitted(
  text: string,
  render: (text: string) => string,
  size: (rendered: string) => number,
  most: number,
): string {
  const whole = render(text);
  if (size(whole) <= most) return whole;
  let [low, high] = [0, Array.from(text).length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (size(render(shorten(text, middle))) <= most) low = middle;
    else high = middle - 1;
  }
  return render(shorten(text, low));
}

/** The longest shortening of a text that keeps a limit. */
export const fit = (text: string, size: (text: string) => number, most: number): string =>
  fitted(text, (it) => it, size, most);

export const bytesOf = (text: string): number => Buffer.byteLength(text);
