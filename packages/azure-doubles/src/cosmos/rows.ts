import { hashOf, PhysicalPartitions, type PhysicalPartition } from './physical-partitions.ts';
import type { Document, Json } from './query.ts';
import { asOf, upToDate, type Reading } from './reading.ts';

export type PartitionKey = readonly Json[];

interface Row {
  /** Null: it was deleted. */
  readonly document: Document | null;
  readonly partition: PartitionKey;
  /** Of its physical partition: grows with every change there. */
  readonly lsn: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** What a replica that is behind has instead. */
  before: Row | null;
}

export type LiveRow = Row & { readonly document: Document };

export interface RowsOptions {
  readonly now: () => number;
  /** Of documents that don't say for how long they live, in seconds; undefined: nothing expires. */
  readonly defaultTtl: number | undefined;
  /** Physical partitions at the start. */
  readonly partitionCount: number;
  /** A physical partition that has had so many changes splits. Infinity: none does. */
  readonly splitAfter: number;
  /** Whether documents are kept as they were before their last writes. */
  readonly keepsVersions: () => boolean;
  /** After this every replica has an operation, in milliseconds. */
  readonly staleForMs: () => number;
}

/** The documents of one partition key. */
interface Partition {
  readonly hash: number;
  readonly rows: Map<string, Row>;
}

/** A replica may be behind by this many operations at most. */
const keptOperations = 64;
/** A container has no more physical partitions than this by itself. */
const mostBySplitting = 8;

/** The documents of a container, in physical partitions, with earlier versions where replicas may be behind. */
export class Rows {
  readonly physical: PhysicalPartitions;
  readonly #options: RowsOptions;
  readonly #partitions = new Map<string, Partition>();

  constructor(options: RowsOptions) {
    this.#options = options;
    this.physical = new PhysicalPartitions(options.partitionCount);
  }

  placeOf(partition: PartitionKey): PhysicalPartition {
    const place = this.physical.at(this.#of(partition).hash);
    if (!place) throw new RangeError('a hash is beyond all physical partitions');
    return place;
  }

  find(partition: PartitionKey, id: string, reading = upToDate()): LiveRow | undefined {
    const row = this.#of(partition).rows.get(id);
    const seen = row && this.#seen(row, this.placeOf(partition), reading);
    return this.#isLive(seen) ? seen : undefined;
  }

  /** What a request for this partition sees; without one, for all partitions of a physical one that hash to `min` up to `max`. */
  visible(
    partition: PartitionKey | undefined,
    place: PhysicalPartition,
    { min, max }: { readonly min: number; readonly max: number },
    reading: Reading,
  ): LiveRow[] {
    const own = partition
      ? [this.#of(partition)]
      : [...this.#partitions.values()].filter(({ hash }) => hash >= min && hash < max);
    return own
      .flatMap(({ rows }) => [...rows.values()])
      .map((row) => this.#seen(row, place, reading))
      .filter((row) => this.#isLive(row));
  }

  /** Puts a version in the place of the last; null deletes. */
  put(partition: PartitionKey, id: string, document: Document | null): void {
    const place = this.placeOf(partition);
    const { rows, hash } = this.#of(partition);
    place.lsn += 1;
    const keepsVersions = this.#options.keepsVersions();
    const last = keepsVersions ? (rows.get(id) ?? null) : null;
    const row: Row = { document, partition, lsn: place.lsn, at: this.#options.now(), before: last };
    forget(row, place.lsn - keptOperations);
    if (document || keepsVersions) rows.set(id, row);
    else rows.delete(id);
    if (document) place.changes.push({ lsn: place.lsn, hash, partition, document });
  }

  /** Whoever has grown too large splits. Not in the middle of a batch. */
  splitWhereDue(partition: PartitionKey): void {
    const place = this.placeOf(partition);
    const { splitAfter } = this.#options;
    if (place.changes.length >= splitAfter * (place.parents.length + 1) && this.physical.count < mostBySplitting)
      this.physical.split(place);
  }

  /** Returns what undoes all changes of a partition from now on. */
  remember(partition: PartitionKey): () => void {
    const key = JSON.stringify(partition);
    const { rows, hash } = this.#of(partition);
    const before = new Map(rows);
    const { changes } = this.placeOf(partition);
    const { length } = changes;
    return () => {
      this.#partitions.set(key, { hash, rows: before });
      changes.length = length;
    };
  }

  #of(partition: PartitionKey): Partition {
    const key = JSON.stringify(partition);
    const known = this.#partitions.get(key);
    if (known) return known;
    const made: Partition = { hash: hashOf(partition), rows: new Map() };
    this.#partitions.set(key, made);
    return made;
  }

  /** The version of a document that a reading sees. */
  #seen(row: Row, place: PhysicalPartition, reading: Reading): Row | null {
    if (reading.lag === 0) return row;
    const limit = asOf(reading, place);
    const everywhere = this.#options.now() - this.#options.staleForMs();
    let seen: Row | null = row;
    while (seen && seen.lsn > limit && seen.at > everywhere) seen = seen.before;
    if (seen !== row) reading.missed += 1;
    return seen;
  }

  #isLive(row: Row | null | undefined): row is LiveRow {
    const { defaultTtl, now } = this.#options;
    const document = row?.document;
    if (!document) return false;
    if (defaultTtl === undefined) return true;
    const ttl = typeof document.ttl === 'number' ? document.ttl : defaultTtl;
    return ttl < 0 || Number(document._ts) + ttl > now() / 1000;
  }
}

/** Versions that nobody can see any more. */
function forget(row: Row, limit: number): void {
  let last = row;
  while (last.before && last.lsn > limit) last = last.before;
  last.before = null;
}
