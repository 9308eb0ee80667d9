import { createHash } from 'node:crypto';
import type { Json } from './query.ts';

/** Which physical partition a partition key lies in: `0` to one less than there are. */
export function rangeOf(partition: readonly Json[], count: number): string {
  if (count === 1) return '0';
  const hash = createHash('sha256').update(JSON.stringify(partition)).digest();
  return String(hash.readUInt32BE() % count);
}

/** The ranges of hashes that they hold, as `pkranges` answers. */
export function partitionKeyRanges(count: number): Json {
  const bound = (index: number): string => {
    if (index === 0) return '';
    if (index === count) return 'FF';
    return Math.round((index * 255) / count)
      .toString(16)
      .toUpperCase()
      .padStart(2, '0');
  };
  const ranges = Array.from({ length: count }, (_, index) => ({
    id: String(index),
    minInclusive: bound(index),
    maxExclusive: bound(index + 1),
    ridPrefix: index,
    throughputFraction: 1 / count,
    status: 'online',
    parents: [],
  }));
  return { _rid: 'double', PartitionKeyRanges: ranges, _count: count };
}
