import { rangeOf } from './physical-partitions.ts';
import type { Document, Json } from './query.ts';
import { upToDate, type Reading } from './reading.ts';

export type PartitionKey = readonly Json[];

interface Row {
  /** Null: it was deleted. */
  readonly document: Document | null;
  readonly partition: PartitionKey;
  /** Grows with every change of the collection. */
  readonly sequence: number;
  /** What a replica that is behind has instead. */
  readonly before: Row | null;
}

export type LiveRow = Row & { readonly document: Document };

export interface RowsOptions {
  readonly now: () => number;
  /** Of documents that don't say for how long they live, in seconds; undefined: nothing expires. */
  readonly defaultTtl: number | undefined;
  /** Physical partitions. */
  readonly partitionCount: number;
  /** Whether documents are kept as they were before their last write. */
  readonly keepsVersions: () => boolean;
}

/** The documents of a container, in physical partitions, with the version before the last where replicas may be behind. */
export class Rows {
  readonly #options: RowsOptions;
  /** By partition, then by id. */
  readonly #partitions = new Map<string, Map<string, Row>>();
  /** The last sequence number, by physical partition. */
  readonly #reached = new Map<string, number>();
  #sequence = 0;

  constructor(options: RowsOptions) {
    this.#options = options;
  }

  get sequence(): number {
    return this.#sequence;
  }

  rangeOf(partition: PartitionKey): string {
    return rangeOf(partition, this.#options.partitionCount);
  }

  /** The physical partition after this one. */
  rangeAfter(range: string): string | null {
    const next = Number(range) + 1;
    return next < this.#options.partitionCount ? String(next) : null;
  }

  /** The LSN that a physical partition has reached. */
  reached(range: string): number {
    return this.#reached.get(range) ?? 0;
  }

  find(partition: PartitionKey, id: string, reading = upToDate()): LiveRow | undefined {
    const row = this.#of(partition).get(id);
    const seen = row && this.#seen(row, reading);
    return this.#isLive(seen) ? seen : undefined;
  }

  /** What a request for this partition sees; all of a physical partition without one. */
  visible(partition: PartitionKey | undefined, range: string, reading: Reading): LiveRow[] {
    const all = (): Row[] => [...this.#partitions.values()].flatMap((rows) => [...rows.values()]);
    const rows = partition
      ? [...this.#of(partition).values()]
      : all().filter((row) => this.rangeOf(row.partition) === range);
    return rows.map((row) => this.#seen(row, reading)).filter((row) => this.#isLive(row));
  }

  /** Puts a version in the place of the last; null deletes. Returns its sequence number. */
  put(partition: PartitionKey, id: string, document: Document | null): number {
    this.#sequence += 1;
    this.#reached.set(this.rangeOf(partition), this.#sequence);
    const rows = this.#of(partition);
    const keepsVersions = this.#options.keepsVersions();
    const last = keepsVersions ? rows.get(id) : undefined;
    // One version back is all that is kept.
    const row: Row = { document, partition, sequence: this.#sequence, before: last ? { ...last, before: null } : null };
    if (document || keepsVersions) rows.set(id, row);
    else rows.delete(id);
    return row.sequence;
  }

  /** Returns what undoes all changes of a partition from now on. */
  remember(partition: PartitionKey): () => void {
    const before = new Map(this.#of(partition));
    return () => void this.#partitions.set(JSON.stringify(partition), before);
  }

  #of(partition: PartitionKey): Map<string, Row> {
    const key = JSON.stringify(partition);
    const rows = this.#partitions.get(key) ?? new Map<string, Row>();
    this.#partitions.set(key, rows);
    return rows;
  }

  /** The version of a document that a reading sees. */
  #seen(row: Row, reading: Reading): Row | null {
    if (!reading.isBehind) return row;
    if (row.sequence <= (reading.session.get(this.rangeOf(row.partition)) ?? 0)) return row;
    reading.missed += 1;
    return row.before;
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
