import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { done, type Bus } from './bus.ts';
import type { DocumentStore } from './document-store.ts';

export interface StoreUnderTest {
  readonly store: DocumentStore;
  readonly bus: Bus;
  /** Moves the store's clock on. */
  advance(ms: number): void | Promise<void>;
  now(): number;
  close(): void | Promise<void>;
}

/** What every adapter of the store port does. Partitions are unique to each test, so a shared database will do. */
export function describeDocumentStore(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`document store: ${name}`, () => {
    let under: StoreUnderTest;
    let store: DocumentStore;
    let partition: string;

    beforeEach(async () => {
      under = await open();
      store = under.store;
      partition = `test:${crypto.randomUUID()}`;
    });
    afterEach(async () => under.close());

    const create = (id: string, body: object) => store.commit({ partition, writes: [{ kind: 'create', id, body }] });

    test('a document comes back as it was written, whatever it holds', async () => {
      const body = { text: 'Zürich 🏔\u0000\n"\\', nested: [null, true, 1.5, { deep: [] }], '': 'empty key' };
      await create('a', body);
      expect((await store.get(partition, 'a'))?.body).toEqual(body);
    });

    test('a document that is not there is null', async () => {
      expect(await store.get(partition, 'missing')).toBeNull();
    });

    test('the same id in another partition is another document', async () => {
      await create('a', { n: 1 });
      expect(await store.get(`${partition}:other`, 'a')).toBeNull();
    });

    test('creating an id that exists conflicts and leaves it alone', async () => {
      await create('a', { n: 1 });
      expect(await create('a', { n: 2 })).toEqual({ committed: false, conflict: 'a' });
      expect((await store.get(partition, 'a'))?.body).toEqual({ n: 1 });
    });

    test('put creates and overwrites', async () => {
      await store.commit({ partition, writes: [{ kind: 'put', id: 'a', body: { n: 1 } }] });
      await store.commit({ partition, writes: [{ kind: 'put', id: 'a', body: { n: 2 } }] });
      expect((await store.get(partition, 'a'))?.body).toEqual({ n: 2 });
    });

    test('replace wants the ETag of the last write', async () => {
      const first = await create('a', { n: 1 });
      if (!first.committed) throw new Error('not created');
      const etag = first.etags.a ?? '';
      expect((await store.get(partition, 'a'))?.etag).toBe(etag);
      expect(
        (await store.commit({ partition, writes: [{ kind: 'replace', id: 'a', etag, body: { n: 2 } }] })).committed,
      ).toBe(true);
      const late = await store.commit({ partition, writes: [{ kind: 'replace', id: 'a', etag, body: { n: 3 } }] });
      expect(late).toEqual({ committed: false, conflict: 'a' });
      expect((await store.get(partition, 'a'))?.body).toEqual({ n: 2 });
    });

    test('replacing what is not there conflicts', async () => {
      expect(
        (await store.commit({ partition, writes: [{ kind: 'replace', id: 'a', etag: '1', body: {} }] })).committed,
      ).toBe(false);
    });

    test('a document made again after its deletion has another ETag', async () => {
      const first = await create('a', {});
      await store.commit({ partition, writes: [{ kind: 'delete', id: 'a' }] });
      const second = await create('a', {});
      if (!first.committed || !second.committed) throw new Error('not created');
      expect(second.etags.a).not.toBe(first.etags.a);
    });

    test('delete with an old ETag conflicts; without one it always works', async () => {
      await create('a', {});
      expect(
        (await store.commit({ partition, writes: [{ kind: 'delete', id: 'a', etag: '"wrong"' }] })).committed,
      ).toBe(false);
      expect((await store.commit({ partition, writes: [{ kind: 'delete', id: 'a' }] })).committed).toBe(true);
      expect((await store.commit({ partition, writes: [{ kind: 'delete', id: 'a' }] })).committed).toBe(true);
      expect(await store.get(partition, 'a')).toBeNull();
    });

    test('a batch is all or nothing, its messages included', async () => {
      await create('taken', {});
      const id = `m-${crypto.randomUUID()}`;
      const result = await store.commit({
        partition,
        writes: [
          { kind: 'create', id: 'fresh', body: {} },
          { kind: 'create', id: 'taken', body: {} },
        ],
        messages: [{ queue: 'track', id, session: `s-${id}`, body: {} }],
      });
      expect(result).toEqual({ committed: false, conflict: 'taken' });
      expect(await store.get(partition, 'fresh')).toBeNull();
      const seen: string[] = [];
      const consumer = under.bus.consume(
        'track',
        async (message) => {
          seen.push(message.id);
          return async () => done;
        },
        { sessions: 1 },
      );
      await consumer.stop();
      expect(seen).not.toContain(id);
    });

    test('a batch takes 100 writes and refuses 101', async () => {
      const writes = Array.from({ length: 101 }, (_, n) => ({ kind: 'create' as const, id: `d${n}`, body: { n } }));
      await expect(store.commit({ partition, writes })).rejects.toThrow(/100/);
      expect((await store.commit({ partition, writes: writes.slice(0, 100) })).committed).toBe(true);
    });

    test('messages count as one write of a batch', async () => {
      const writes = Array.from({ length: 100 }, (_, n) => ({ kind: 'create' as const, id: `d${n}`, body: { n } }));
      const messages = ['1', '2'].map((id) => ({ queue: 'track' as const, id: `m-${id}`, session: 's', body: {} }));
      await expect(store.commit({ partition, writes, messages })).rejects.toThrow(/100/);
      expect((await store.commit({ partition, writes: writes.slice(0, 99), messages })).committed).toBe(true);
    });

    test('deletions of what is not there leave the rest of their batch to happen', async () => {
      await create('a', {});
      const { committed } = await store.commit({
        partition,
        writes: [
          { kind: 'delete', id: 'missing' },
          { kind: 'delete', id: 'a' },
          { kind: 'delete', id: 'missing too' },
          { kind: 'create', id: 'b', body: {} },
        ],
      });
      expect(committed).toBe(true);
      expect((await store.list(partition, { limit: 10 })).items.map(({ id }) => id)).toEqual(['b']);
    });

    test('ids hold any character, and keep the order of code points', async () => {
      const ids = ['a', 'a#b', 'a/b', 'a?b', 'a\\b', 'a b', 'a~b', 'a~', 'aé', 'a✓', 'a🏔', 'a\u007f', 'a\uffff', 'A'];
      for (const id of ids) await create(id, { id });
      const compare = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
      const sorted = [...ids].sort(compare);
      const { items } = await store.list<{ id: string }>(partition, { limit: 100 });
      expect(items.map(({ id }) => id)).toEqual(sorted);
      for (const id of ids) expect((await store.get(partition, id))?.body).toEqual({ id });
      const after = await store.list(partition, { limit: 100, after: 'a~!' });
      expect(after.items.map(({ id }) => id)).toEqual(sorted.filter((id) => compare(id, 'a~!') > 0));
    });

    test('of many writers with the same ETag exactly one wins', async () => {
      const first = await create('a', { n: 0 });
      const etag = first.committed ? (first.etags.a ?? '') : '';
      const results = await Promise.all(
        Array.from({ length: 10 }, (_, n) =>
          store.commit({ partition, writes: [{ kind: 'replace', id: 'a', etag, body: { n } }] }),
        ),
      );
      expect(results.filter(({ committed }) => committed)).toHaveLength(1);
    });

    test('a list is ordered by id, both ways, and only of the prefix', async () => {
      for (const id of ['b:2', 'b:10', 'a:1', 'b:1', 'c:1', 'b:']) await create(id, { id });
      const up = await store.list<{ id: string }>(partition, { prefix: 'b:', limit: 10 });
      expect(up).toMatchObject({ next: null });
      expect(up.items.map(({ id }) => id)).toEqual(['b:', 'b:1', 'b:10', 'b:2']);
      const down = await store.list(partition, { prefix: 'b:', limit: 10, descending: true });
      expect(down.items.map(({ id }) => id)).toEqual(['b:2', 'b:10', 'b:1', 'b:']);
    });

    test.each([false, true])('pages meet without gap or overlap (descending: %s)', async (descending) => {
      const ids = Array.from({ length: 7 }, (_, n) => `d${n}`);
      for (const id of ids) await create(id, {});
      const seen: string[] = [];
      let after: string | undefined;
      do {
        const page = await store.list(partition, { limit: 3, descending, ...(after !== undefined && { after }) });
        seen.push(...page.items.map(({ id }) => id));
        after = page.next ?? undefined;
      } while (after !== undefined);
      expect(seen).toEqual(descending ? ids.reverse() : ids);
    });

    test('an expired document is gone, and its id is free', async () => {
      const expiresAt = under.now() + 60_000;
      await store.commit({ partition, writes: [{ kind: 'create', id: 'a', body: { n: 1 }, expiresAt }] });
      expect(await store.get(partition, 'a')).not.toBeNull();
      await under.advance(60_001);
      expect(await store.get(partition, 'a')).toBeNull();
      expect((await store.list(partition, { limit: 10 })).items).toEqual([]);
      expect((await create('a', { n: 2 })).committed).toBe(true);
      expect((await store.get(partition, 'a'))?.body).toEqual({ n: 2 });
    });
  });
}
