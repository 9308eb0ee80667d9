import { createHash } from 'node:crypto';
import type { Document, Json } from './query.ts';

/** Hashes are below this, as in Cosmos DB, whose hashes never reach the last bound, `FF`. */
export const hashLimit = 2 ** 31;

/** A change of a document, in the order of its physical partition. */
export interface Change {
  readonly lsn: number;
  readonly hash: number;
  readonly partition: readonly Json[];
  readonly document: Document;
}

/** Holds the documents whose partition keys hash to `min` or more, and to less than `max`. */
export interface PhysicalPartition {
  readonly id: string;
  readonly min: number;
  readonly max: number;
  /** All that it has come from, oldest first. */
  readonly parents: readonly string[];
  /** Its last change. */
  lsn: number;
  readonly changes: Change[];
  /** Request units spent in a second of the clock. */
  spent: { second: number; units: number };
}

/** Of a partition key. */
export const hashOf = (partition: readonly Json[]): number =>
  createHash('sha256').update(JSON.stringify(partition)).digest().readUInt32BE() >>> 1;

/** The physical partitions of a container. One that has split is gone: its two children hold what it had. */
export class PhysicalPartitions {
  /** By `min`. */
  #live: PhysicalPartition[];
  #created: number;

  constructor(count: number) {
    const bound = (index: number): number => Math.round((index * hashLimit) / count);
    this.#created = count;
    this.#live = Array.from({ length: count }, (_, index) => ({
      id: String(index),
      min: bound(index),
      max: bound(index + 1),
      parents: [],
      lsn: 0,
      changes: [],
      spent: { second: 0, units: 0 },
    }));
  }

  get count(): number {
    return this.#live.length;
  }

  /** The one that holds a hash; null beyond the last. */
  at(hash: number): PhysicalPartition | null {
    return this.#live.find(({ max }) => hash < max) ?? null;
  }

  find(id: string): PhysicalPartition | null {
    return this.#live.find((it) => it.id === id) ?? null;
  }

  /** In two halves, with ids of their own; they go on counting where it was. */
  split(parent: PhysicalPartition): void {
    const middle = Math.floor((parent.min + parent.max) / 2);
    const child = (min: number, max: number): PhysicalPartition => ({
      id: String(this.#created++),
      min,
      max,
      parents: [...parent.parents, parent.id],
      lsn: parent.lsn,
      changes: parent.changes.filter(({ hash }) => hash >= min && hash < max),
      spent: { second: 0, units: 0 },
    });
    this.#live = this.#live.flatMap((it) =>
      it === parent ? [child(parent.min, middle), child(middle, parent.max)] : [it],
    );
  }

  splitAll(): void {
    for (const it of this.#live) this.split(it);
  }

  /** As `pkranges` answers. */
  describe(): Json {
    const ranges = this.#live.map(({ id, min, max, parents }) => ({
      id,
      minInclusive: boundText(min),
      maxExclusive: boundText(max),
      ridPrefix: Number(id),
      throughputFraction: 1 / this.count,
      status: 'online',
      parents: [...parents],
    }));
    return { _rid: 'double', PartitionKeyRanges: ranges, _count: ranges.length };
  }
}

function boundText(hash: number): string {
  if (hash === 0) return '';
  if (hash === hashLimit) return 'FF';
  return hash.toString(16).toUpperCase().padStart(8, '0');
}
