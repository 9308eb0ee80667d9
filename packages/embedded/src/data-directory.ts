import { chmodSync, closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DataDirectoryError } from './database.ts';

const fileName = 'zekt.sqlite';
const lockName = 'zekt.lock';

export interface DataDirectory {
  /** Of the file with the data. */
  readonly path: string;
  /** Gives the directory back. */
  readonly release: () => void;
}

/**
 * Takes a data directory, made with mode 0700 when missing. The lock on it ends with the process, however that ends.
 *
 * @throws DataDirectoryError when another process holds it
 */
export function takeDirectory(directory: string): DataDirectory {
  const made = mkdirSync(directory, { recursive: true, mode: 0o700 });
  chmodSync(directory, 0o700);
  if (made !== undefined) syncDirectory(dirname(made));
  const lock = takeLock(directory);
  return { path: join(directory, fileName), release: () => lock.close() };
}

/** Makes the names in a directory outlive a power cut. */
export function syncDirectory(directory: string): void {
  const descriptor = openSync(directory, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** A file of its own, locked by SQLite as any: the file with the data must stay open to the connections of this process. */
function takeLock(directory: string): DatabaseSync {
  const lock = new DatabaseSync(join(directory, lockName));
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; CREATE TABLE IF NOT EXISTS holder (x); COMMIT;');
    return lock;
  } catch (error) {
    lock.close();
    throw new DataDirectoryError(
      `The data directory '${directory}' is in use by another process. Stop it, or set ZEKT_DATA_DIR to another directory.`,
      { cause: error },
    );
  }
}
