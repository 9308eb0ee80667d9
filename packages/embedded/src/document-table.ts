import type { DatabaseSync } from 'node:sqlite';
import type { Batch, Body, Clock, CommitResult, ListOptions, Page, Stored, Write } from '@zekt/core';

interface Row {
  readonly id: string;
  readonly etag: number;
  readonly body: string;
}

const stored = <T extends Body>({ id, etag, body }: Row): Stored<T> => ({
  id,
  etag: String(etag),
  body: JSON.parse(body) as T,
});

/** The highest code unit: every id with a prefix sorts before the prefix followed by it. */
const afterEverything = '\u{10FFFF}';

/** Documents as rows. Reads see what is committed; writes run inside a transaction that somebody else opens. */
export class DocumentTable {
  readonly #clock: Clock;
  readonly #statements;
  /** Higher than any ETag ever given out: it starts at the time, and a process gives out fewer than a million a millisecond. */
  #lastEtag: number;

  constructor(database: DatabaseSync, clock: Clock) {
    this.#clock = clock;
    this.#lastEtag = Number(database.prepare('SELECT coalesce(max(etag), 0) AS etag FROM documents').get()?.etag ?? 0);
    this.#lastEtag = Math.max(this.#lastEtag, Date.now() * 1000);
    const live = '(expires_at IS NULL OR expires_at > :now)';
    const range = `partition = :partition AND ${live}`;
    this.#statements = {
      get: database.prepare(
        `SELECT id, etag, body FROM documents WHERE partition = :partition AND id = :id AND ${live}`,
      ),
      etag: database.prepare(`SELECT etag FROM documents WHERE partition = :partition AND id = :id AND ${live}`),
      put: database.prepare(
        'INSERT OR REPLACE INTO documents (partition, id, etag, expires_at, body) VALUES (:partition, :id, :etag, :expiresAt, :body)',
      ),
      delete: database.prepare('DELETE FROM documents WHERE partition = :partition AND id = :id'),
      ascending: database.prepare(
        `SELECT id, etag, body FROM documents WHERE ${range} AND id > :low AND id < :high ORDER BY id LIMIT :limit`,
      ),
      descending: database.prepare(
        `SELECT id, etag, body FROM documents WHERE ${range} AND id > :low AND id < :high ORDER BY id DESC LIMIT :limit`,
      ),
      sweep: database.prepare(
        'DELETE FROM documents WHERE rowid IN (SELECT rowid FROM documents WHERE expires_at IS NOT NULL AND expires_at <= :now LIMIT :limit)',
      ),
    };
  }

  get<T extends Body>(partition: string, id: string): Stored<T> | null {
    const row = this.#statements.get.get({ partition, id, now: this.#clock.now() }) as Row | undefined;
    return row ? stored<T>(row) : null;
  }

  list<T extends Body>(
    partition: string,
    { prefix = '', after, limit, descending = false }: ListOptions,
  ): Page<Stored<T>> {
    if (!Number.isInteger(limit) || limit < 1 || limit > 1000)
      throw new RangeError(`limit must be 1 to 1000; got ${limit}`);
    // '' sorts before every id; an id equal to the prefix must be found too, so the lower bound is the prefix less nothing.
    const low = descending || after === undefined ? justBefore(prefix) : after;
    const high = descending && after !== undefined ? after : prefix + afterEverything;
    const statement = descending ? this.#statements.descending : this.#statements.ascending;
    const rows = statement.all({ partition, low, high, limit: limit + 1, now: this.#clock.now() }) as unknown as Row[];
    const items = rows.slice(0, limit).map((row) => stored<T>(row));
    return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
  }

  /** Checks every condition first, then writes: so a conflict leaves nothing behind in the shared transaction. */
  commit({ partition, writes }: Pick<Batch, 'partition' | 'writes'>): CommitResult {
    for (const write of writes) if (!this.#holds(partition, write)) return { committed: false, conflict: write.id };
    const etags: Record<string, string> = {};
    for (const write of writes) {
      if (write.kind === 'delete') {
        this.#statements.delete.run({ partition, id: write.id });
        continue;
      }
      this.#lastEtag += 1;
      etags[write.id] = String(this.#lastEtag);
      this.#statements.put.run({
        partition,
        id: write.id,
        etag: this.#lastEtag,
        expiresAt: write.expiresAt ?? null,
        body: JSON.stringify(write.body),
      });
    }
    return { committed: true, etags };
  }

  #holds(partition: string, write: Write): boolean {
    if (write.kind === 'put' || (write.kind === 'delete' && write.etag === undefined)) return true;
    const row = this.#statements.etag.get({ partition, id: write.id, now: this.#clock.now() });
    return write.kind === 'create' ? row === undefined : row !== undefined && String(row.etag) === write.etag;
  }

  /** Removes expired documents, at most `limit`; returns how many. */
  sweep(limit: number): number {
    return Number(this.#statements.sweep.run({ now: this.#clock.now(), limit }).changes);
  }
}

/** The greatest string below every string that starts with the prefix, for an exclusive bound. */
function justBefore(prefix: string): string {
  if (prefix === '') return '';
  const last = prefix.charCodeAt(prefix.length - 1);
  return prefix.slice(0, -1) + (last === 0 ? '' : String.fromCharCode(last - 1) + afterEverything);
}
