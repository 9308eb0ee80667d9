/** Fields that say when or how often, not what. */
const bookkeeping = new Set(['updatedAt', 'history']);

const show = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value));

/** `field: old -> new` for each field that differs; fields that `after` does not have are left out. */
export function describeChanges(before: object | null, after: object): string[] {
  return Object.entries(after).flatMap(([field, value]) => {
    if (bookkeeping.has(field)) return [];
    const old = (before as Record<string, unknown> | null)?.[field];
    return show(old) === show(value) ? [] : [`${field}: ${show(old)} -> ${show(value)}`];
  });
}
