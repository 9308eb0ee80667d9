/** Freezes a value that came from JSON, however deep it is. */
export function deepFreeze<T extends object>(value: T): T {
  const open: object[] = [value];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    Object.freeze(next);
    for (const inner of Object.values(next) as unknown[])
      if (typeof inner === 'object' && inner !== null) open.push(inner);
  }
  return value;
}
