import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { eventually } from '@zekt/core/testing';
import { threadCopier, type Copier } from './copier.ts';
import { openDatabase } from './database.ts';
import { openLogFile } from './log-file.ts';
import { openEmbedded } from './open-embedded.ts';
import { WalDisk } from './wal-disk.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'zekt-wal-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const limits = { abovePages: 50, restPages: 5, lookEvery: 4 };

/** Copies in this thread, at once, and is done when the test says so. */
function manualCopier(path: string): Copier & { readonly waiting: (() => void)[] } {
  const waiting: (() => void)[] = [];
  return {
    waiting,
    copy: () => {
      const database = new DatabaseSync(path);
      database.exec('PRAGMA wal_checkpoint(PASSIVE)');
      database.close();
      return new Promise((resolve) => waiting.push(resolve));
    },
    close: async () => undefined,
  };
}

test('the log is copied beside the writes; only for the rest does the next group wait', async () => {
  const path = join(directory, 'zekt.sqlite');
  const database = openDatabase(path, directory);
  const copier = manualCopier(path);
  const disk = new WalDisk(database, openLogFile(path), copier, limits);
  const insert = database.prepare("INSERT INTO documents VALUES ('p', ?, 'e', NULL, ?)");
  let rows = 0;
  const write = async (): Promise<void> => {
    insert.run(String((rows += 1)), 'x'.repeat(9000));
    await disk.sync();
  };
  while (copier.waiting.length === 0) await write();
  for (let n = 0; n < 10; n += 1) await write();
  expect(disk.ready()).toBeNull();
  copier.waiting.shift()?.();
  await eventually(() => copier.waiting.length === 1, 'what came meanwhile is too much to wait for');
  expect(disk.ready()).toBeNull();
  copier.waiting.shift()?.();
  await eventually(() => copier.waiting.length === 1, 'the rest is copied');
  const ready = disk.ready();
  expect(ready).not.toBeNull();
  copier.waiting.shift()?.();
  await ready;
  await eventually(() => disk.ready() === null, 'the next group goes on');
  const { size } = statSync(`${path}-wal`);
  for (let n = 0; n < 3; n += 1) await write();
  // It began anew, in the place that it has.
  expect(statSync(`${path}-wal`).size).toBe(size);
  await disk.close();
  database.close();
});

test('a log that can not be copied grows, and is copied later', async () => {
  const path = join(directory, 'zekt.sqlite');
  const database = openDatabase(path, directory);
  let tries = 0;
  const failing: Copier = {
    copy: async () => {
      tries += 1;
      throw new Error('no space');
    },
    close: async () => undefined,
  };
  const disk = new WalDisk(database, openLogFile(path), failing, limits);
  const insert = database.prepare("INSERT INTO documents VALUES ('p', ?, 'e', NULL, ?)");
  for (let n = 0; n < 60; n += 1) {
    insert.run(String(n), 'x'.repeat(9000));
    await disk.sync();
  }
  expect(tries).toBeGreaterThan(1);
  expect(disk.ready()).toBeNull();
  await disk.close();
  database.close();
});

test('a thread keeps the log short while a store is written to', async () => {
  const embedded = openEmbedded(directory, undefined, {
    openDisk: (database, path) => new WalDisk(database, openLogFile(path), threadCopier(path), limits),
  });
  const text = 'x'.repeat(50_000);
  const write = (n: number): Promise<unknown> =>
    embedded.store.commit({ partition: 'p', writes: [{ kind: 'put', id: String(n % 7), body: { n, text } }] });
  const log = join(directory, 'zekt.sqlite-wal');
  let n = 0;
  // Twenty times as many pages as it may have, unless copying lags behind for long.
  for (; n < 80; n += 1) await write(n);
  const { size } = statSync(log);
  await eventually(async () => {
    await write((n += 1));
    return n > 2000 || statSync(join(directory, 'zekt.sqlite')).size > 7 * text.length;
  }, 'the file has what was in the log');
  expect(statSync(log).size).toBeLessThan(size + 40_000_000);
  await embedded.close();
  const again = openEmbedded(directory);
  expect((await again.store.get<{ n: number }>('p', String(n % 7)))?.body.n).toBe(n);
  await again.close();
});
