import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { DataDirectoryError } from './data-directory-error.ts';
import { openEmbedded } from './open-embedded.ts';

/** A directory as a killed process leaves it: ten transactions in the file, ten in the log. */
let left: string;
let directory: string;
let path: string;
let log: string;

beforeAll(async () => {
  left = mkdtempSync(join(tmpdir(), 'zekt-left-'));
  const live = mkdtempSync(join(tmpdir(), 'zekt-live-'));
  const write = async (from: number): Promise<void> => {
    const embedded = openEmbedded(live);
    for (let n = from; n < from + 10; n += 1)
      await embedded.store.commit({
        partition: 'p',
        writes: [{ kind: 'create', id: `d${n}`, body: { text: 'x'.repeat(9000) } }],
      });
    cpSync(live, left, { recursive: true, filter: (file) => !/lock|shm/.test(file) });
    await embedded.close();
  };
  await write(10);
  await write(20);
  rmSync(live, { recursive: true });
});
afterAll(() => rmSync(left, { recursive: true }));

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'zekt-damaged-'));
  cpSync(left, directory, { recursive: true });
  path = join(directory, 'zekt.sqlite');
  log = `${path}-wal`;
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Overwrites some bytes. */
function damage(file: string, at: number, bytes = Buffer.from('garbage!')): void {
  const content = readFileSync(file);
  bytes.copy(content, at);
  writeFileSync(file, content);
}

async function count(): Promise<number> {
  const embedded = openEmbedded(directory);
  const { items } = await embedded.store.list('p', { limit: 100 });
  await embedded.close();
  return items.length;
}

/** Refused by name with the way out, and not touched. */
function refused(...parts: readonly string[]): void {
  const before = [path, log].map((file) => readFileSync(file, { flag: 'a+' }));
  for (const part of [directory, 'docs/how-to/operate-zekt-serve.md', ...parts]) {
    expect(() => openEmbedded(directory)).toThrow(DataDirectoryError);
    expect(() => openEmbedded(directory)).toThrow(part);
  }
  expect([path, log].map((file) => readFileSync(file, { flag: 'a+' }))).toEqual(before);
}

test('what a killed process leaves is whole', async () => {
  expect(await count()).toBe(20);
});

test('a database with garbage in its header is refused', () => {
  rmSync(log);
  damage(path, 0, Buffer.alloc(200, 'garbage '));
  refused('damaged', 'file is not a database');
});

test('a database that was cut off is refused', () => {
  rmSync(log);
  truncateSync(path, 40_000);
  refused('damaged', 'malformed');
});

test('a database that is empty is refused', () => {
  truncateSync(path, 0);
  refused(`The file '${path}' is empty: it is damaged.`);
});

test('a log without its database is refused', () => {
  rmSync(path);
  expect(() => openEmbedded(directory)).toThrow(`The file '${path}' is missing, and its log`);
  expect(readFileSync(log).length).toBeGreaterThan(0);
});

test('a database of something else is refused', () => {
  rmSync(path);
  rmSync(log);
  const other = new DatabaseSync(path);
  other.exec('CREATE TABLE songs (title)');
  other.close();
  refused(`The file '${path}' is no database of Zekt.`);
});

test('a log with a damaged header is refused', () => {
  damage(log, 8);
  refused(`The file '${log}' is damaged: its header is wrong`, `mv '${log}' elsewhere`);
});

test('a log that is damaged with more behind it is refused, for SQLite would forget what is behind', async () => {
  // A frame in the middle of the ten transactions.
  const frame = 24 + 4096;
  const at = 32 + frame * Math.floor((readFileSync(log).length - 32) / frame / 2);
  damage(log, at + 24 + 100);
  refused(`The file '${log}' is damaged`, 'transactions follow the damage', `truncate -s ${at} '${log}'`);
  truncateSync(log, at);
  const kept = await count();
  expect(kept).toBeGreaterThan(10);
  expect(kept).toBeLessThan(19);
});

test('a log that ends in the middle of the last transaction is what a power cut leaves', async () => {
  truncateSync(log, readFileSync(log).length - 100);
  expect(await count()).toBe(19);
});

test('a log of zeros is what a power cut leaves of one that was just begun', async () => {
  writeFileSync(log, Buffer.alloc(readFileSync(log).length));
  expect(await count()).toBe(10);
});
