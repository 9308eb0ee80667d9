import { hashLimit, type PhysicalPartition } from './physical-partitions.ts';
import { at, compare, type Document, type Json, type Query } from './query.ts';

/** The last document of a page: its number, and what it was sorted by. */
interface After {
  readonly rid: number;
  readonly key?: Json;
}

/** What a query has yet to read. In hashes, not in ids of physical partitions, which may be gone by then. */
export interface Stretch {
  readonly min: number;
  readonly max: number;
  /** Documents up to this one were read before. */
  readonly after: After | null;
}

export const encodeStretches = (stretches: readonly Stretch[]): string =>
  Buffer.from(JSON.stringify(stretches)).toString('base64');

/** Everything where there is no token. */
export const decodeStretches = (token: string | undefined): readonly Stretch[] =>
  token === undefined
    ? [{ min: 0, max: hashLimit, after: null }]
    : (JSON.parse(Buffer.from(token, 'base64').toString()) as Stretch[]);

/** The first stretch as far as a physical partition has it, and all that is left. */
export function within(stretches: readonly Stretch[], { max }: PhysicalPartition): readonly Stretch[] {
  const [first, ...rest] = stretches;
  if (!first || first.max <= max) return stretches;
  return [{ ...first, max }, { ...first, min: max }, ...rest];
}

const ridOf = ({ _rid }: Document): number => (typeof _rid === 'string' ? Number(_rid.replace(/^\D+/, '')) : 0);

/**
 * The next documents of what a query has found.
 *
 * @returns `last`: the last of them when more follow
 */
export function pageAfter(
  found: readonly Document[],
  after: After | null,
  size: number,
  order: Query['order'],
): { readonly items: Document[]; readonly last: After | null } {
  const keyOf = (document: Document): Json | undefined => (order ? at(document, order.path) : undefined);
  const isAfter = (document: Document): boolean => {
    if (!after) return true;
    const key = keyOf(document);
    if (!order || key === after.key) return ridOf(document) > after.rid;
    return compare(order.descending ? '<' : '>', key, after.key);
  };
  const rest = found.filter(isAfter);
  const sorted = order ? rest : rest.sort((a, b) => ridOf(a) - ridOf(b));
  const items = sorted.slice(0, size);
  const end = items.at(-1);
  if (sorted.length <= size || !end) return { items, last: null };
  const key = keyOf(end);
  return { items, last: { rid: ridOf(end), ...(key !== undefined && { key }) } };
}
