import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { DataDirectoryError } from './data-directory-error.ts';
import { openEmbedded } from './open-embedded.ts';

let directory: string;
beforeEach(async () => {
  directory = join(await mkdtemp(join(tmpdir(), 'zekt-database-')), 'data');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

test('what was written is there when it is opened again', async () => {
  const first = openEmbedded(directory);
  await first.store.commit({ partition: 'p', writes: [{ kind: 'create', id: 'a', body: { n: 1 } }] });
  await first.close();
  const second = openEmbedded(directory);
  expect((await second.store.get('p', 'a'))?.body).toEqual({ n: 1 });
  await second.close();
});

test('the directory belongs to its owner alone', async () => {
  await openEmbedded(directory).close();
  expect((await stat(directory)).mode & 0o777).toBe(0o700);
});

test('data of a newer Zekt is refused, not touched', async () => {
  await openEmbedded(directory).close();
  const database = new DatabaseSync(join(directory, 'zekt.sqlite'));
  database.exec('PRAGMA user_version = 99');
  database.close();
  expect(() => openEmbedded(directory)).toThrow(DataDirectoryError);
  expect(() => openEmbedded(directory)).toThrow(/newer Zekt \(format 99/);
});

test('data of an older Zekt is refused with what to do, not touched', async () => {
  await openEmbedded(directory).close();
  const database = new DatabaseSync(join(directory, 'zekt.sqlite'));
  database.exec('PRAGMA user_version = 1');
  database.close();
  expect(() => openEmbedded(directory)).toThrow(DataDirectoryError);
  expect(() => openEmbedded(directory)).toThrow(/older Zekt \(format 1; .*start with an empty ZEKT_DATA_DIR/);
});

test('a directory that is held is refused, and free again after close', async () => {
  const first = openEmbedded(directory);
  expect(() => openEmbedded(directory)).toThrow(/in use/);
  await first.close();
  await openEmbedded(directory).close();
});

test('writes that wait are finished by close; later ones are refused', async () => {
  const embedded = openEmbedded(directory);
  const writes = Array.from({ length: 50 }, (_, n) =>
    embedded.store.commit({ partition: 'p', writes: [{ kind: 'create', id: String(n), body: {} }] }),
  );
  await embedded.close();
  expect((await Promise.all(writes)).every(({ committed }) => committed)).toBe(true);
  await expect(embedded.store.commit({ partition: 'p', writes: [] })).rejects.toThrow(/closed/);
});

test('one write that the store can not do does not take the others with it', async () => {
  const embedded = openEmbedded(directory);
  const bad = embedded.store.commit({ partition: 'p', writes: [{ kind: 'put', id: {} as never, body: {} }] });
  const good = embedded.store.commit({ partition: 'p', writes: [{ kind: 'put', id: 'good', body: {} }] });
  await expect(bad).rejects.toThrow(/could not write/);
  expect(await good).toMatchObject({ committed: true });
  expect(await embedded.store.get('p', 'good')).not.toBeNull();
  await embedded.close();
});
