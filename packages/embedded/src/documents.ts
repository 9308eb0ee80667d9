import { randomBytes } from 'node:crypto';
import type { Body, CommitResult, ListOptions, Page, Stored, Write } from '@zekt/core';
import { CachedDocument, type DocumentCache } from './document-cache.ts';
import { DocumentTable, rangeOf, toTextWrite, type TextWrite } from './document-table.ts';
import type { Prepare, Statement } from './statements.ts';
import type { Transaction } from './transaction.ts';

interface OneWrite {
  readonly partition: string;
  readonly write: TextWrite;
}

/** Writes of several batches, in order, as text: nobody who keeps the objects can change what is written. */
export const toText = (
  batches: readonly { readonly partition: string; readonly writes: readonly Write[] }[],
): OneWrite[] =>
  batches.flatMap(({ partition, writes }) => writes.map((write) => ({ partition, write: toTextWrite(write) })));

/** Documents in the file, with a cache before them that is exact: there is no other way to write one. */
export class Documents {
  readonly #table: DocumentTable;
  readonly #cache: DocumentCache;
  readonly #savepoint: Statement;
  readonly #release: Statement;
  readonly #rollback: Statement;
  /** Unlike those of any process before, without asking the file for the highest. */
  readonly #etagPrefix = randomBytes(6).toString('base64url');
  #etags = 0;

  constructor(prepare: Prepare, cache: DocumentCache) {
    this.#table = new DocumentTable(prepare);
    this.#cache = cache;
    this.#savepoint = prepare('SAVEPOINT work');
    this.#release = prepare('RELEASE work');
    this.#rollback = prepare('ROLLBACK TO work');
  }

  /** The body is frozen: others are given the same one. */
  get<T extends Body>(partition: string, id: string, now: number): Stored<T> | null {
    let document = this.#cache.get(partition, id);
    if (document === undefined) {
      document = this.#table.get(partition, id);
      this.#cache.keep(partition, id, document);
    }
    if (document === null || (document.expiresAt !== null && document.expiresAt <= now)) return null;
    return document.stored as Stored<T>;
  }

  /** @throws RangeError when the limit is not 1 to 1,000 */
  list<T extends Body>(partition: string, options: ListOptions, now: number): Page<Stored<T>> {
    const { limit } = options;
    if (!Number.isInteger(limit) || limit < 1 || limit > 1000)
      throw new RangeError(`limit must be 1 to 1000; got ${limit}`);
    const range = rangeOf(options);
    const question = JSON.stringify(range);
    const known = this.#cache.page(partition, question, now);
    if (known) return known as Page<Stored<T>>;
    const documents = this.#table.list(partition, { ...range, limit: limit + 1 }, now);
    const items = Object.freeze(documents.slice(0, limit).map(({ stored }) => stored as Stored<T>));
    const page = Object.freeze({ items, next: documents.length > limit ? (items.at(-1)?.id ?? null) : null });
    const until = Math.min(...documents.map(({ expiresAt }) => expiresAt ?? Number.POSITIVE_INFINITY));
    const bytes = documents.reduce((sum, document) => sum + document.bytes, 0);
    this.#cache.keepPage(partition, question, { page, until }, bytes);
    return page;
  }

  /** All or nothing; what else the transaction holds stays as it is. */
  commit(writes: readonly OneWrite[], now: number, transaction: Transaction): CommitResult {
    const [first, ...others] = conditionFirst(writes);
    // A condition that fails before anything was written leaves nothing to undo.
    const mayUndo = others.some(({ write }) => isConditional(write));
    if (mayUndo) this.#savepoint.run();
    const etags: Record<string, string> = {};
    const written: [OneWrite, string][] = [];
    for (const each of first ? [first, ...others] : []) {
      const { partition, write } = each;
      const etag = this.#nextEtag();
      if (!this.#table.write(partition, write, etag, now)) {
        if (mayUndo) {
          this.#rollback.run();
          this.#release.run();
        }
        return { committed: false, conflict: write.id };
      }
      if (write.kind !== 'delete') etags[write.id] = etag;
      written.push([each, etag]);
    }
    if (mayUndo) this.#release.run();
    for (const [each, etag] of written) this.#remember(each, etag, transaction);
    transaction.whenUndone(() => this.#cache.clear());
    return { committed: true, etags };
  }

  /** Removes expired documents, which nobody sees any more; returns how many. */
  sweep(limit: number, now: number): number {
    return this.#table.sweep(limit, now);
  }

  #remember({ partition, write }: OneWrite, etag: string, transaction: Transaction): void {
    const document =
      write.kind === 'delete' ? null : new CachedDocument(write.id, etag, write.expiresAt ?? null, write.body);
    this.#cache.keep(partition, write.id, document);
    this.#cache.forgetPages(partition);
    transaction.partitions.add(partition);
  }

  #nextEtag(): string {
    this.#etags += 1;
    return `${this.#etagPrefix}${this.#etags.toString(36)}`;
  }
}

const isConditional = (write: TextWrite): boolean =>
  write.kind === 'create' || write.kind === 'replace' || (write.kind === 'delete' && write.etag !== undefined);

/** The only condition comes first, unless it is about what another of the writes leaves. */
function conditionFirst(writes: readonly OneWrite[]): readonly OneWrite[] {
  const [only, ...more] = writes.filter(({ write }) => isConditional(write));
  if (only === undefined || more.length > 0 || only === writes[0]) return writes;
  const others = writes.filter((each) => each !== only);
  const isAlone = others.every(({ partition, write }) => partition !== only.partition || write.id !== only.write.id);
  return isAlone ? [only, ...others] : writes;
}
