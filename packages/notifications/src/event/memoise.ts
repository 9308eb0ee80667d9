/** More than there are reasons and repositories; fewer than would matter. */
const remembered = 2000;

/** Remembers what a pure function of a text gave: reasons and addresses come again and again. */
export function memoise<T>(compute: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const value = compute(text);
    if (known.size >= remembered) known.clear();
    known.set(text, value);
    return value;
  };
}
