const repeat = /^\{(\d+)(?:,(\d*))?\}/;

/** RE2 takes no count above this one. */
const mostRepeats = 1000;

/** The end of a character class that begins at `start`: `]` closes it unless it comes first or is escaped. */
function endOfClass(pattern: string, start: number): number {
  let at = start + 1;
  if (pattern[at] === '^') at += 1;
  if (pattern[at] === ']') at += 1;
  while (at < pattern.length && pattern[at] !== ']') at += pattern[at] === '\\' ? 2 : 1;
  return at;
}

/**
 * How many instructions the program of a regular expression would have, about, without compiling it: counted repetitions are written out,
 * so `(…{100}){10}` is a thousand times as long as it looks. In doubt too many.
 */
export function patternSize(pattern: string): number {
  const outer: number[] = [];
  let size = 0;
  let last = 0;
  const atom = (its: number): void => {
    size += its;
    last = its;
  };
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern[at];
    const counted = character === '{' ? repeat.exec(pattern.slice(at, at + 12)) : null;
    if (counted) {
      const [text, least = '', most = least] = counted;
      const times = Math.min(Number(most === '' ? least : most), mostRepeats);
      size += last * times;
      last += last * times;
      at += text.length - 1;
    } else if (character === '(') {
      outer.push(size);
      size = 2;
    } else if (character === ')') {
      const inner = size;
      size = outer.pop() ?? 0;
      atom(inner);
    } else if (character === '[') {
      at = endOfClass(pattern, at);
      atom(1);
    } else if (character === '\\') {
      at += 1;
      atom(1);
    } else if (character === '*' || character === '+' || character === '?' || character === '|') size += 1;
    else atom(1);
  }
  return outer.reduce((sum, its) => sum + its, size);
}
