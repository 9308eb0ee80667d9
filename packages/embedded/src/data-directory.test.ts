import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { DataDirectoryError } from './data-directory-error.ts';
import { faultyFiles } from './files/faulty-files.ts';
import { openEmbedded, type EmbeddedOptions } from './open-embedded.ts';

let root: string;
let directory: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'zekt-directory-'));
  directory = join(root, 'data');
});
afterEach(() => rmSync(root, { recursive: true }));

const self = process.geteuid?.() ?? 0;
const refused = (message: string, options: EmbeddedOptions = {}): void => {
  expect(() => openEmbedded(directory, undefined, options)).toThrow(DataDirectoryError);
  expect(() => openEmbedded(directory, undefined, options)).toThrow(message);
};

test('a directory that others may write is refused with owner, mode and the command, and left as it is', () => {
  mkdirSync(directory);
  chmodSync(directory, 0o770);
  refused(`The data directory '${directory}' is owned by user ${self} and has mode 0770: other users can change it.`);
  refused(`chmod 700 '${directory}'`);
  expect(statSync(directory).mode & 0o777).toBe(0o770);
});

test('a directory that others may read is taken, and closed to them', async () => {
  mkdirSync(directory);
  chmodSync(directory, 0o755);
  await openEmbedded(directory).close();
  expect(statSync(directory).mode & 0o777).toBe(0o700);
});

test('a directory of another user is refused', async () => {
  await openEmbedded(directory).close();
  refused(`but Zekt runs as user ${self + 1}`, { identity: () => self + 1 });
});

test('the files of the store are for their owner alone; one that others may write, or a link, is refused', async () => {
  const embedded = openEmbedded(directory);
  const path = join(directory, 'zekt.sqlite');
  for (const file of [path, `${path}-wal`, `${path}-shm`]) expect(statSync(file).mode & 0o777).toBe(0o600);
  await embedded.close();
  chmodSync(path, 0o662);
  refused(`The file '${path}' is owned by user ${self} and has mode 0662`);
  chmodSync(path, 0o600);
  renameSync(path, join(root, 'elsewhere'));
  symlinkSync(join(root, 'elsewhere'), path);
  refused('is a symbolic link');
});

test('a file in its place, or in the place of a directory above it, is named', () => {
  writeFileSync(directory, '');
  refused(`'${directory}' is a file, no directory. Set ZEKT_DATA_DIR`);
  directory = join(directory, 'below');
  refused("': a part of its path is no directory. Set ZEKT_DATA_DIR");
});

(existsSync('/proc/self') ? test : test.skip)(
  'a place where nothing can be made is refused, and not tried for ever',
  () => {
    directory = '/proc/zekt/data';
    refused("Zekt can't use the data directory '/proc/zekt/data': nothing can be made there. Set ZEKT_DATA_DIR");
  },
);

test('a damaged lock is no directory in use', async () => {
  await openEmbedded(directory).close();
  writeFileSync(join(directory, 'zekt.lock'), 'x'.repeat(5000));
  refused("zekt.lock' is damaged. It holds no data: delete it.");
});

test.each([
  ['ENOSPC', 'is full. Make room, or set ZEKT_DATA_DIR'],
  ['EIO', "Zekt can't read and write the data directory"],
  ['EACCES', 'may not read and write the data directory'],
  ['EROFS', 'may not read and write the data directory'],
])('%s at any step of a start is one sentence, and what was kept is there at the next', async (code, sentence) => {
  const { files, taken } = faultyFiles();
  const fresh = openEmbedded(directory, undefined, { files });
  const made = taken.length;
  await fresh.close();
  rmSync(directory, { recursive: true });
  for (let step = 0; step < made; step += 1) {
    expect(() => openEmbedded(directory, undefined, { files: faultyFiles(step, code).files })).toThrow(sentence);
    const embedded = openEmbedded(directory);
    await embedded.store.commit({ partition: 'p', writes: [{ kind: 'create', id: String(step), body: {} }] });
    expect((await embedded.store.list('p', { limit: 100 })).items).toHaveLength(1);
    await embedded.close();
    rmSync(directory, { recursive: true });
  }
  const kept = openEmbedded(directory);
  await kept.store.commit({ partition: 'p', writes: [{ kind: 'create', id: 'kept', body: {} }] });
  await kept.close();
  for (let step = 0; step < made; step += 1) {
    const { files: faulty, taken: reached } = faultyFiles(step, code);
    try {
      await openEmbedded(directory, undefined, { files: faulty }).close();
      expect(reached.length).toBeLessThanOrEqual(step);
    } catch (error) {
      expect(error).toMatchObject({ name: 'DataDirectoryError', message: expect.stringContaining(sentence) });
    }
  }
  const again = openEmbedded(directory);
  expect(await again.store.get('p', 'kept')).not.toBeNull();
  await again.close();
});
