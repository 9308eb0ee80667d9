import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { complete, decides, maxDeliveryCount, type Batch, type BusMessage } from '@zekt/core';
import { eventually, ManualClock } from '@zekt/core/testing';
import { faultyFiles, type FaultyFiles } from './files/faulty-files.ts';
import { threadCopier } from './copier.ts';
import { openLogFile } from './log-file.ts';
import { openEmbedded, type Embedded } from './open-embedded.ts';
import { WalDisk } from './wal-disk.ts';

let directory: string;
let clock: ManualClock;
let faults: FaultyFiles;
let database: DatabaseSync | null;
let embedded: Embedded;
let told: string[];

beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), 'zekt-full-')), 'data');
  clock = new ManualClock();
  faults = faultyFiles();
  told = [];
  embedded = start();
});
afterEach(async () => {
  await embedded.close();
  rmSync(join(directory, '..'), { recursive: true });
});

const start = (): Embedded =>
  openEmbedded(directory, clock, {
    files: faults.files,
    openDisk: (opened, path) => {
      database = opened;
      return new WalDisk(opened, openLogFile(path, faults.files), threadCopier(path));
    },
    onTrouble: (cause) => told.push(Error.isError(cause) ? cause.message : 'well again'),
  });

/** SQLite answers as on a full disk when the file may have no more pages ("PRAGMA max_page_count", sqlite.org). */
const fill = (): void => database?.exec('PRAGMA max_page_count = 1');
const makeRoom = (): void => database?.exec('PRAGMA max_page_count = 1000000');
const large = 'x'.repeat(20_000);
const create = (id: string): Batch => ({ partition: 'p', writes: [{ kind: 'create', id, body: { large } }] });
const message = (id: string): BusMessage => ({ queue: 'dispatch', id, session: id, body: { large } });
const unavailable = {
  code: 'unavailable',
  message: expect.stringContaining('The disk of the Zekt server is full'),
  retryAfterMs: expect.any(Number),
};

test('on a full disk writes are refused as unavailable, what was accepted is kept and read, and it goes on by itself', async () => {
  await embedded.store.commit(create('before'));
  fill();
  await expect(embedded.store.commit(create('during'))).rejects.toMatchObject(unavailable);
  await expect(embedded.bus.publish([message('m')])).rejects.toMatchObject(unavailable);
  expect(await embedded.store.get('p', 'before')).not.toBeNull();
  expect(await embedded.store.get('p', 'during')).toBeNull();
  makeRoom();
  await embedded.store.commit(create('after'));
  expect(told).toEqual(['database or disk is full', 'database or disk is full', 'well again']);
  await embedded.close();
  embedded = start();
  const { items } = await embedded.store.list('p', { limit: 10 });
  expect(items.map(({ id }) => id)).toEqual(['after', 'before']);
  expect((await embedded.bus.depth('dispatch')).waiting).toBe(0);
});

test('where it may not write it is unavailable, too', async () => {
  database?.exec('PRAGMA query_only = ON');
  await expect(embedded.store.commit(create('a'))).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('may not write to its disk'),
  });
  database?.exec('PRAGMA query_only = OFF');
  await embedded.store.commit(create('a'));
});

test('while nothing can be written nothing more is handed out, and no message loses a try by it', async () => {
  const handled: number[] = [];
  const consumer = embedded.bus.consume(
    'dispatch',
    decides(async ({ deliveryCount }) => {
      handled.push(deliveryCount);
      return { batches: [create(`outcome-${handled.length}`)], settlement: complete };
    }),
    { sessions: 2 },
  );
  await embedded.bus.publish([{ ...message('m'), notBefore: clock.now() + 1000 }]);
  fill();
  clock.advance(1000);
  await eventually(() => handled.length === 1, 'it is handed out: nobody knows of the disk yet');
  for (let n = 0; n < maxDeliveryCount + 3; n += 1) {
    await eventually(async () => {
      await expect(embedded.store.commit(create('probe'))).rejects.toMatchObject(unavailable);
      return true;
    }, 'still full');
    clock.advance(60_000);
  }
  expect(handled).toEqual([1]);
  makeRoom();
  await eventually(() => {
    clock.advance(60_000);
    return handled.length === 2;
  }, 'it is handed out again');
  await eventually(async () => (await embedded.bus.depth('dispatch')).waiting === 0, 'its outcome is kept');
  expect(handled).toEqual([1, 1]);
  expect(await embedded.bus.depth('dispatch')).toEqual({ waiting: 0, dead: 0 });
  await consumer.stop();
});

test('expired documents are removed again after a time in which nothing could be written', async () => {
  await embedded.store.commit({
    partition: 'p',
    writes: [{ kind: 'create', id: 'brief', body: {}, expiresAt: clock.now() + 1000 }],
  });
  const rows = (): unknown => database?.prepare('SELECT count(*) AS n FROM documents').get()?.n;
  database?.exec('PRAGMA query_only = ON');
  clock.advance(60_000);
  await eventually(() => told.length === 1, 'the sweep has failed');
  database?.exec('PRAGMA query_only = OFF');
  clock.advance(60_000);
  await eventually(() => rows() === 0, 'it is swept');
});

test.each(['EIO', 'ENOSPC'])(
  'after %s at a sync nothing is answered or written any more, and a new start has what was answered',
  async (code) => {
    await embedded.store.commit(create('answered'));
    faults.failSyncs(code);
    await expect(embedded.store.commit(create('in doubt'))).rejects.toMatchObject({ code: 'unavailable' });
    faults.failSyncs(null);
    await expect(embedded.store.commit(create('later'))).rejects.toMatchObject({ code: 'unavailable' });
    await expect(embedded.store.get('p', 'in doubt')).rejects.toMatchObject({ code: 'unavailable' });
    expect((await embedded.lost).message).toMatch(
      /^The disk could not keep what was written: .*Check the disk, then start again\.$/,
    );
    await embedded.close();
    embedded = start();
    expect(await embedded.store.get('p', 'answered')).not.toBeNull();
    expect(await embedded.store.get('p', 'later')).toBeNull();
  },
);

test('a database that is found damaged is unavailable, not an internal error', async () => {
  await embedded.store.commit(create('a'));
  const corrupt = Object.assign(new Error('database disk image is malformed'), {
    code: 'ERR_SQLITE_ERROR',
    errcode: 267,
  });
  const prepare = Object.getPrototypeOf(database?.prepare('SELECT 1')) as { all: unknown };
  const { all } = prepare;
  prepare.all = () => {
    throw corrupt;
  };
  try {
    await expect(embedded.store.list('p', { limit: 1 })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('is damaged'),
    });
  } finally {
    prepare.all = all;
  }
});
