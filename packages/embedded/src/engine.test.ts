import { afterEach, expect, test } from '@jest/globals';
import { complete, decides, type BusMessage } from '@zekt/core';
import { eventually, ManualClock } from '@zekt/core/testing';
import { openEmbedded, type Embedded, type EmbeddedOptions } from './open-embedded.ts';

const open: Embedded[] = [];
afterEach(() => Promise.all(open.splice(0).map((embedded) => embedded.close())));

function start(options: EmbeddedOptions = {}): Embedded {
  const embedded = openEmbedded(':memory:', new ManualClock(), options);
  open.push(embedded);
  return embedded;
}
const message = (n: number): BusMessage => ({ queue: 'track', id: `m${n}`, session: `s${n}`, body: { n } });
const put = (id: string, body: object = {}) => ({ partition: 'p', writes: [{ kind: 'put' as const, id, body }] });

test('bodies beyond the bound lie in the file alone, and are handed out all the same', async () => {
  const reads: string[] = [];
  const { bus } = start({
    bodyLimits: { bodies: 3, characters: 1_000_000 },
    onStatement: (sql) => {
      if (sql.startsWith('SELECT body')) reads.push(sql);
    },
  });
  await bus.publish(Array.from({ length: 10 }, (_, n) => message(n)));
  const bodies: unknown[] = [];
  const consumer = bus.consume(
    'track',
    decides(async ({ body }) => (bodies.push(body), { settlement: complete })),
    {
      sessions: 2,
    },
  );
  await eventually(() => bodies.length === 10, 'all are handled');
  await consumer.stop();
  expect(bodies).toEqual(Array.from({ length: 10 }, (_, n) => ({ n })));
  expect(reads).toHaveLength(7);
});

test('characters are bounded too, and there is room again for those that come after', async () => {
  const reads: string[] = [];
  const { bus } = start({
    bodyLimits: { bodies: 100, characters: 20 },
    onStatement: (sql) => {
      if (sql.startsWith('SELECT body')) reads.push(sql);
    },
  });
  const seen: string[] = [];
  const consumer = bus.consume(
    'track',
    decides(async ({ id }) => (seen.push(id), { settlement: complete })),
    {
      sessions: 1,
    },
  );
  for (let n = 0; n < 5; n += 1) {
    await bus.publish([message(n)]);
    await eventually(() => seen.length === n + 1, 'it is handled');
  }
  expect(reads).toEqual([]);
  await bus.publish([5, 6, 7, 8].map(message));
  await eventually(() => seen.length === 9, 'all are handled');
  expect(reads).toHaveLength(2);
  await consumer.stop();
});

test('a message costs one insert and one delete', async () => {
  const statements: string[] = [];
  let transactions = 0;
  const { bus } = start({
    onStatement: (sql) => statements.push(sql.slice(0, 11)),
    onTransaction: () => (transactions += 1),
  });
  statements.length = 0;
  const seen: string[] = [];
  const consumer = bus.consume(
    'track',
    decides(async ({ id }) => (seen.push(id), { settlement: complete })),
    {
      sessions: 1,
    },
  );
  await bus.publish([message(1)]);
  await eventually(async () => (await bus.depth('track')).waiting === 0, 'it is settled');
  await consumer.stop();
  const ofDepth = 'SELECT coun';
  expect(statements.filter((sql) => sql !== ofDepth)).toEqual([
    'BEGIN IMMED',
    'INSERT INTO',
    'COMMIT',
    'BEGIN IMMED',
    'DELETE FROM',
    'COMMIT',
  ]);
  expect(transactions).toBe(2);
});

test('an outcome with documents, messages and settlement is one transaction', async () => {
  let transactions = 0;
  const { bus, store } = start({ onTransaction: () => (transactions += 1) });
  await bus.publish([message(1)]);
  transactions = 0;
  const consumer = bus.consume(
    'track',
    decides(async () => ({
      batches: [put('a'), { ...put('b'), partition: 'q' }],
      messages: [{ ...message(2), queue: 'dispatch' as const }],
      settlement: complete,
    })),
    { sessions: 1 },
  );
  await eventually(async () => (await store.get('q', 'b')) !== null, 'it takes effect');
  await consumer.stop();
  expect(transactions).toBe(1);
});

test('of work that comes together, what meets a conflict and what can not be written leave the rest alone', async () => {
  const { bus, store } = start();
  await store.commit(put('taken'));
  const create = (id: string) => ({ partition: 'p', writes: [{ kind: 'create' as const, id, body: {} }] });
  const [first, conflict, late, broken, last] = await Promise.allSettled([
    bus.commit({ batches: [create('one')], messages: [message(1)] }),
    bus.commit({ batches: [create('taken')], messages: [message(2)] }),
    bus.commit({ batches: [put('undone'), create('undone too'), create('taken')], messages: [message(3)] }),
    store.commit(put({} as never)),
    bus.commit({ batches: [create('two')], messages: [message(4), message(1)] }),
  ]);
  expect(first).toMatchObject({ value: { committed: true } });
  expect(conflict).toMatchObject({ value: { committed: false, conflict: 'taken' } });
  expect(late).toMatchObject({ value: { committed: false, conflict: 'taken' } });
  expect(broken).toMatchObject({ status: 'rejected' });
  expect(last).toMatchObject({ value: { committed: true } });
  const { items } = await store.list('p', { limit: 10 });
  expect(items.map(({ id }) => id)).toEqual(['one', 'taken', 'two']);
  expect((await bus.depth('track')).waiting).toBe(2);
});

test('who reads a document can not change it for others, nor can who wrote it', async () => {
  const { store } = start();
  const body = { list: [1] };
  const writing = store.commit(put('a', body));
  body.list.push(2);
  await writing;
  const read = await store.get<{ list: number[] }>('p', 'a');
  expect(() => read?.body.list.push(3)).toThrow(TypeError);
  const { items } = await store.list<{ list: number[] }>('p', { limit: 1 });
  expect(() => items[0]?.body.list.push(3)).toThrow(TypeError);
  expect((await store.get('p', 'a'))?.body).toEqual({ list: [1] });
});

test('a document that expires leaves the list that is cached, though nobody writes', async () => {
  const clock = new ManualClock();
  const embedded = openEmbedded(':memory:', clock);
  open.push(embedded);
  const { store } = embedded;
  const expiresAt = clock.now() + 1000;
  await store.commit({ partition: 'p', writes: [{ kind: 'put', id: 'brief', body: {}, expiresAt }] });
  expect((await store.list('p', { limit: 10 })).items).toHaveLength(1);
  clock.advance(1000);
  expect((await store.list('p', { limit: 10 })).items).toEqual([]);
});

test('when the disk fails nothing is answered, handed out or written any more', async () => {
  const failure = new Error('EIO');
  let isBroken = false;
  const { store, bus } = openEmbedded(':memory:', new ManualClock(), {
    openDisk: () => ({
      gatherMs: 0,
      ready: () => null,
      sync: async () => {
        if (isBroken) throw failure;
      },
      close: async () => undefined,
    }),
  });
  await store.commit(put('before'));
  isBroken = true;
  const seen: string[] = [];
  const consumer = bus.consume(
    'track',
    decides(async ({ id }) => (seen.push(id), { settlement: complete })),
    {
      sessions: 1,
    },
  );
  await expect(bus.commit({ batches: [put('after')], messages: [message(1)] })).rejects.toThrow(
    /disk of the Zekt server fails/,
  );
  isBroken = false;
  await expect(store.commit(put('later'))).rejects.toThrow(/disk of the Zekt server fails/);
  await expect(store.get('p', 'after')).rejects.toMatchObject({ code: 'unavailable' });
  await consumer.stop();
  expect(seen).toEqual([]);
});
