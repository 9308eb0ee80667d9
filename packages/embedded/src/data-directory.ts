import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DataDirectoryError } from './data-directory-error.ts';
import { sqliteCodeOf } from './disk-trouble.ts';
import { assertPrivate, ownData, privateDirectory, type Identity } from './files/assert-private.ts';
import { systemFiles, type FileSystem } from './files/file-system.ts';
import { makeDirectory } from './files/make-directory.ts';

const fileName = 'zekt.sqlite';
const lockName = 'zekt.lock';
/** Result codes of SQLite. */
const busy = 5;
const notADatabase = 26;

export interface DataDirectory {
  /** Of the file with the data. */
  readonly path: string;
  /** Gives the directory back. */
  readonly release: () => void;
}

/**
 * Takes a data directory, made with mode 0700 when missing. The lock on it ends with the process, however that ends.
 *
 * @throws DataDirectoryError when another process holds it, or when another user may change it or a file of the store
 */
export function takeDirectory(directory: string, files: FileSystem = systemFiles, identity?: Identity): DataDirectory {
  makeDirectory(directory, files);
  if (!files.statSync(directory).isDirectory())
    throw new DataDirectoryError(`'${directory}' is a file, no directory. Set ZEKT_DATA_DIR to a directory.`);
  assertPrivate(directory, 'The data directory', privateDirectory, files, identity);
  files.chmodSync(directory, 0o700);
  for (const name of [lockName, fileName, `${fileName}-wal`, `${fileName}-shm`]) {
    const path = join(directory, name);
    if (files.lstatSync(path, { throwIfNoEntry: false })) assertPrivate(path, 'The file', ownData, files, identity);
  }
  const lock = takeLock(join(directory, lockName), directory);
  return { path: join(directory, fileName), release: () => lock.close() };
}

/** A file of its own, locked by SQLite as any: the file with the data must stay open to the connections of this process. */
function takeLock(path: string, directory: string): DatabaseSync {
  const lock = new DatabaseSync(path);
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; CREATE TABLE IF NOT EXISTS holder (x); COMMIT;');
    return lock;
  } catch (cause) {
    lock.close();
    const code = sqliteCodeOf(cause);
    if (code === busy)
      throw new DataDirectoryError(
        `The data directory '${directory}' is in use by another process. Stop it, or set ZEKT_DATA_DIR to another directory.`,
        { cause },
      );
    if (code === notADatabase)
      throw new DataDirectoryError(`The lock file '${path}' is damaged. It holds no data: delete it.`, { cause });
    throw cause;
  }
}
