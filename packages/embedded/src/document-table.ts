import type { DatabaseSync } from 'node:sqlite';
import type { Body, CommitResult, ListOptions, Page, Stored } from '@zekt/core';
import type { TextWrite } from './jobs.ts';

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
/** An expired document is not there any more, removed or not. */
const live = '(expires_at IS NULL OR expires_at > :now)';

/** Documents as rows, for reading: what is committed. */
export class DocumentReads {
  readonly #statements;

  constructor(database: DatabaseSync) {
    const inRange = `partition = :partition AND ${live} AND id > :low AND id < :high`;
    this.#statements = {
      get: database.prepare(
        `SELECT id, etag, body FROM documents WHERE partition = :partition AND id = :id AND ${live}`,
      ),
      ascending: database.prepare(`SELECT id, etag, body FROM documents WHERE ${inRange} ORDER BY id LIMIT :limit`),
      descending: database.prepare(
        `SELECT id, etag, body FROM documents WHERE ${inRange} ORDER BY id DESC LIMIT :limit`,
      ),
    };
  }

  get<T extends Body>(partition: string, id: string, now: number): Stored<T> | null {
    const row = this.#statements.get.get({ partition, id, now }) as Row | undefined;
    return row ? stored<T>(row) : null;
  }

  list<T extends Body>(
    partition: string,
    { prefix = '', after, limit, descending = false }: ListOptions,
    now: number,
  ): Page<Stored<T>> {
    if (!Number.isInteger(limit) || limit < 1 || limit > 1000)
      throw new RangeError(`limit must be 1 to 1000; got ${limit}`);
    const low = descending || after === undefined ? justBefore(prefix) : after;
    const high = descending && after !== undefined ? after : prefix + afterEverything;
    const statement = descending ? this.#statements.descending : this.#statements.ascending;
    const rows = statement.all({ partition, low, high, limit: limit + 1, now }) as unknown as Row[];
    const items = rows.slice(0, limit).map((row) => stored<T>(row));
    return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
  }
}

/** The greatest string below every string that starts with the prefix, for an exclusive bound. */
function justBefore(prefix: string): string {
  if (prefix === '') return '';
  const last = prefix.charCodeAt(prefix.length - 1);
  return prefix.slice(0, -1) + (last === 0 ? '' : String.fromCharCode(last - 1) + afterEverything);
}

/** Documents as rows, for writing inside a transaction that somebody else opens. */
export class DocumentWrites {
  readonly #statements;
  /** Higher than any ETag ever given out: it starts at the time, and a process gives out fewer than a million a millisecond. */
  #lastEtag: number;

  constructor(database: DatabaseSync) {
    const highest = database.prepare('SELECT coalesce(max(etag), 0) AS etag FROM documents').get()?.etag;
    this.#lastEtag = Math.max(Number(highest), Date.now() * 1000);
    this.#statements = {
      etag: database.prepare(`SELECT etag FROM documents WHERE partition = :partition AND id = :id AND ${live}`),
      put: database.prepare(
        `INSERT INTO documents (partition, id, etag, expires_at, body) VALUES (:partition, :id, :etag, :expiresAt, :body)
         ON CONFLICT (partition, id) DO UPDATE SET etag = excluded.etag, expires_at = excluded.expires_at, body = excluded.body`,
      ),
      delete: database.prepare('DELETE FROM documents WHERE partition = :partition AND id = :id'),
      sweep: database.prepare(
        'DELETE FROM documents WHERE rowid IN (SELECT rowid FROM documents WHERE expires_at IS NOT NULL AND expires_at <= :now LIMIT :limit)',
      ),
    };
  }

  /** Checks every condition first, then writes: so a conflict leaves nothing behind in the shared transaction. */
  commit(partition: string, writes: readonly TextWrite[], now: number): CommitResult {
    for (const write of writes)
      if (!this.#holds(partition, write, now)) return { committed: false, conflict: write.id };
    const etags: Record<string, string> = {};
    for (const write of writes) {
      if (write.kind === 'delete') {
        this.#statements.delete.run({ partition, id: write.id });
        continue;
      }
      this.#lastEtag += 1;
      etags[write.id] = String(this.#lastEtag);
      const { id, body, expiresAt = null } = write;
      this.#statements.put.run({ partition, id, etag: this.#lastEtag, expiresAt, body });
    }
    return { committed: true, etags };
  }

  #holds(partition: string, write: TextWrite, now: number): boolean {
    if (write.kind === 'put' || (write.kind === 'delete' && write.etag === undefined)) return true;
    const row = this.#statements.etag.get({ partition, id: write.id, now });
    return write.kind === 'create' ? row === undefined : row !== undefined && String(row.etag) === write.etag;
  }

  sweep(limit: number, now: number): number {
    return Number(this.#statements.sweep.run({ now, limit }).changes);
  }
}
