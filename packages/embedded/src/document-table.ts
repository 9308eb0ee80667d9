import type { ListOptions, Write } from '@zekt/core';
import { CachedDocument } from './document-cache.ts';
import type { Prepare, Row, Statement } from './statements.ts';

/** A write whose body is JSON already. */
export type TextWrite = Exclude<Write, { body: object }> | TextUpsert;
type TextUpsert = WithText<Extract<Write, { body: object }>>;
type WithText<T> = T extends object ? Omit<T, 'body'> & { readonly body: string } : never;

export const toTextWrite = (write: Write): TextWrite =>
  write.kind === 'delete' ? write : { ...write, body: JSON.stringify(write.body) };

/** The highest code point: every id with a prefix sorts before the prefix followed by it. */
const afterEverything = '\u{10FFFF}';
/** An expired document is not there any more, removed or not. */
const live = '(expires_at IS NULL OR expires_at > ?)';

export interface Range {
  readonly low: string;
  readonly high: string;
  readonly limit: number;
  readonly descending: boolean;
}

/** The range of ids that a list is over, its ends not included. */
export function rangeOf({ prefix = '', after, limit, descending = false }: ListOptions): Range {
  return {
    low: descending || after === undefined ? justBefore(prefix) : after,
    high: descending && after !== undefined ? after : prefix + afterEverything,
    limit,
    descending,
  };
}

/** The greatest string below every string that starts with the prefix, for an exclusive bound. */
function justBefore(prefix: string): string {
  if (prefix === '') return '';
  const last = prefix.charCodeAt(prefix.length - 1);
  return prefix.slice(0, -1) + (last === 0 ? '' : String.fromCharCode(last - 1) + afterEverything);
}

/** Documents as rows. A conditional write is one statement, which tells by what it changed whether its condition held. */
export class DocumentTable {
  readonly #get: Statement;
  readonly #ascending: Statement;
  readonly #descending: Statement;
  readonly #create: Statement;
  readonly #put: Statement;
  readonly #replace: Statement;
  readonly #delete: Statement;
  readonly #deleteIf: Statement;
  readonly #sweep: Statement;

  constructor(prepare: Prepare) {
    const inRange = `SELECT id, etag, expires_at, body FROM documents WHERE partition = ? AND ${live} AND id > ? AND id < ? ORDER BY id`;
    const put = `INSERT INTO documents (partition, id, etag, expires_at, body) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (partition, id) DO UPDATE SET etag = excluded.etag, expires_at = excluded.expires_at, body = excluded.body`;
    this.#get = prepare('SELECT id, etag, expires_at, body FROM documents WHERE partition = ? AND id = ?');
    this.#ascending = prepare(`${inRange} LIMIT ?`);
    this.#descending = prepare(`${inRange} DESC LIMIT ?`);
    this.#put = prepare(put);
    this.#create = prepare(`${put} WHERE documents.expires_at <= ?`);
    this.#replace = prepare(
      `UPDATE documents SET etag = ?, expires_at = ?, body = ? WHERE partition = ? AND id = ? AND etag = ? AND ${live}`,
    );
    this.#delete = prepare('DELETE FROM documents WHERE partition = ? AND id = ?');
    this.#deleteIf = prepare(`DELETE FROM documents WHERE partition = ? AND id = ? AND etag = ? AND ${live}`);
    this.#sweep = prepare(
      'DELETE FROM documents WHERE rowid IN (SELECT rowid FROM documents WHERE expires_at IS NOT NULL AND expires_at <= ? LIMIT ?)',
    );
  }

  /** Expired ones too, until they are swept. */
  get(partition: string, id: string): CachedDocument | null {
    const row = this.#get.get(partition, id);
    return row ? toDocument(row) : null;
  }

  list(partition: string, { low, high, limit, descending }: Range, now: number): CachedDocument[] {
    const statement = descending ? this.#descending : this.#ascending;
    return statement.all(partition, now, low, high, limit).map(toDocument);
  }

  /** False when the condition did not hold; then nothing was changed. */
  write(partition: string, write: TextWrite, etag: string, now: number): boolean {
    const { id } = write;
    if (write.kind === 'delete') {
      if (write.etag !== undefined) return changed(this.#deleteIf.run(partition, id, write.etag, now));
      this.#delete.run(partition, id);
      return true;
    }
    const { body, expiresAt = null } = write;
    switch (write.kind) {
      case 'put':
        this.#put.run(partition, id, etag, expiresAt, body);
        return true;
      case 'create':
        return changed(this.#create.run(partition, id, etag, expiresAt, body, now));
      case 'replace':
        return changed(this.#replace.run(etag, expiresAt, body, partition, id, write.etag, now));
    }
  }

  /** Removes expired documents; returns how many. */
  sweep(limit: number, now: number): number {
    return Number(this.#sweep.run(now, limit).changes);
  }
}

const changed = ({ changes }: { readonly changes: number | bigint }): boolean => changes > 0;

const toDocument = ({ id, etag, expires_at, body }: Row): CachedDocument =>
  new CachedDocument(String(id), String(etag), expires_at === null ? null : Number(expires_at), String(body));
