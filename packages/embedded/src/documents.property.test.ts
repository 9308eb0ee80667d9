import { expect, test } from '@jest/globals';
import type { ListOptions, Write } from '@zekt/core';
import fc from 'fast-check';
import { openDatabase } from './database.ts';
import { DocumentCache } from './document-cache.ts';
import { Documents, toText } from './documents.ts';
import { preparing } from './statements.ts';
import { Transaction } from './transaction.ts';

const partition = fc.constantFrom('p', 'q');
const id = fc.constantFrom('a', 'a:1', 'a:2', 'a✓', 'a🏔', 'a\uffff', 'b');
const expiresAt = fc.option(fc.nat({ max: 30 }), { nil: undefined });
const body = fc.string({ maxLength: 200 }).map((text) => ({ text }));

type Op =
  | {
      readonly kind: 'commit';
      readonly partition: string;
      readonly writes: readonly Wanted[];
      readonly isUndone: boolean;
    }
  | { readonly kind: 'get'; readonly partition: string; readonly id: string }
  | { readonly kind: 'list'; readonly partition: string; readonly options: ListOptions }
  | { readonly kind: 'time'; readonly ms: number }
  | { readonly kind: 'sweep' };
interface Wanted {
  readonly kind: Write['kind'];
  readonly id: string;
  readonly body: object;
  readonly expiresAt: number | undefined;
  /** Whether a condition names the ETag of now. */
  readonly isRight: boolean;
}

const wanted: fc.Arbitrary<Wanted> = fc.record({
  kind: fc.constantFrom('create', 'replace', 'put', 'delete'),
  id,
  body,
  expiresAt,
  isRight: fc.boolean(),
});
const ops: fc.Arbitrary<Op[]> = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant('commit' as const),
      partition,
      writes: fc.uniqueArray(wanted, { selector: (it) => it.id, maxLength: 4 }),
      isUndone: fc.constantFrom(false, false, false, true),
    }),
    fc.record({ kind: fc.constant('get' as const), partition, id }),
    fc.record({
      kind: fc.constant('list' as const),
      partition,
      options: fc.record(
        {
          prefix: fc.constantFrom('', 'a', 'a:'),
          after: id,
          limit: fc.integer({ min: 1, max: 4 }),
          descending: fc.boolean(),
        },
        { requiredKeys: ['limit'] },
      ),
    }),
    fc.record({ kind: fc.constant('time' as const), ms: fc.nat({ max: 10 }) }),
    fc.record({ kind: fc.constant('sweep' as const) }),
  ),
  { maxLength: 60 },
);

test('the cache gives what SQL gives, after any writes, conflicts, rollbacks and expiries, however small it is', () => {
  fc.assert(
    fc.property(ops, fc.constantFrom(0, 3000, 1_000_000), (history, cacheBytes) => {
      const database = openDatabase(':memory:', ':memory:');
      const documents = new Documents(preparing(database), new DocumentCache(cacheBytes));
      let now = 0;
      const sql = () => new Documents(preparing(database), new DocumentCache(0));
      const toWrite = (of: string, it: Wanted): Write => {
        const etag = it.isRight ? (sql().get(of, it.id, now)?.etag ?? 'none') : 'wrong';
        const base = { id: it.id, body: it.body, ...(it.expiresAt !== undefined && { expiresAt: it.expiresAt }) };
        if (it.kind === 'delete')
          return it.isRight ? { kind: 'delete', id: it.id } : { kind: 'delete', id: it.id, etag };
        return it.kind === 'replace' ? { kind: 'replace', etag, ...base } : { kind: it.kind, ...base };
      };
      // Asked again after each step, so that what is cached of them is out of date if it can be.
      const usual: [string, ListOptions][] = [
        ['p', { limit: 3 }],
        ['q', { limit: 100, descending: true }],
      ];
      const compareLists = (): void => {
        for (const [of, options] of usual)
          expect(documents.list(of, options, now)).toEqual(sql().list(of, options, now));
      };
      for (const op of history) {
        compareLists();
        switch (op.kind) {
          case 'commit': {
            const transaction = new Transaction();
            const writes = op.writes.map((it) => toWrite(op.partition, it));
            database.exec('BEGIN');
            documents.commit(toText([{ partition: op.partition, writes }]), now, transaction);
            database.exec(op.isUndone ? 'ROLLBACK' : 'COMMIT');
            if (op.isUndone) transaction.undo();
            break;
          }
          case 'get':
            expect(documents.get(op.partition, op.id, now)).toEqual(sql().get(op.partition, op.id, now));
            break;
          case 'list':
            expect(documents.list(op.partition, op.options, now)).toEqual(sql().list(op.partition, op.options, now));
            break;
          case 'time':
            now += op.ms;
            break;
          case 'sweep':
            documents.sweep(2, now);
            break;
        }
      }
      database.close();
    }),
    { numRuns: 200 },
  );
});
