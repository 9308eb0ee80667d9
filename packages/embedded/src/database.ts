import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Each step brings the file from one version to the next; `user_version` counts those done. Never edit a step that was released. */
const migrations: readonly string[] = [
  `CREATE TABLE documents (
     partition TEXT NOT NULL, id TEXT NOT NULL, etag INTEGER NOT NULL, expires_at INTEGER, body TEXT NOT NULL,
     PRIMARY KEY (partition, id)
   );
   CREATE INDEX documents_by_expiry ON documents (expires_at) WHERE expires_at IS NOT NULL;
   CREATE TABLE messages (
     seq INTEGER PRIMARY KEY AUTOINCREMENT, queue TEXT NOT NULL, session TEXT NOT NULL, id TEXT NOT NULL,
     visible_at INTEGER NOT NULL, deliveries INTEGER NOT NULL, body TEXT NOT NULL,
     UNIQUE (queue, id)
   );
   CREATE INDEX messages_by_session ON messages (queue, session, visible_at, seq);
   -- ready_at: when the head of the session becomes visible, or when the lease on it ends.
   CREATE TABLE sessions (
     queue TEXT NOT NULL, session TEXT NOT NULL, ready_at INTEGER NOT NULL, lease INTEGER NOT NULL DEFAULT 0,
     PRIMARY KEY (queue, session)
   ) WITHOUT ROWID;
   CREATE INDEX sessions_by_readiness ON sessions (queue, ready_at);
   CREATE TABLE dead_letters (
     queue TEXT NOT NULL, id TEXT NOT NULL, session TEXT NOT NULL, body TEXT NOT NULL, reason TEXT NOT NULL,
     dead_at INTEGER NOT NULL, deliveries INTEGER NOT NULL,
     PRIMARY KEY (queue, id)
   ) WITHOUT ROWID;`,
];

const fileName = 'zekt.sqlite';
const lockName = 'zekt.lock';

/** The data directory is in use, or was written by a newer Zekt. */
export class DataDirectoryError extends Error {
  override readonly name = 'DataDirectoryError';
}

/** A connection with the settings that durability asks for. */
export function connect(path: string, options: { readonly readOnly?: boolean } = {}): DatabaseSync {
  const database = new DatabaseSync(path, { readOnly: options.readOnly ?? false, timeout: 5000 });
  if (!options.readOnly)
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000;');
  database.exec('PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY;');
  return database;
}

/**
 * Takes a data directory, made with mode 0700 when missing, and brings its file up to date. The lock on it ends with the process,
 * however that ends.
 *
 * @returns the path of the file, and how to give the directory back
 * @throws DataDirectoryError
 */
export function takeDirectory(directory: string): { readonly path: string; readonly release: () => void } {
  prepareDirectory(directory);
  const lock = takeLock(directory);
  const path = join(directory, fileName);
  const database = connect(path);
  try {
    migrate(database, directory);
  } catch (error) {
    lock.close();
    throw error;
  } finally {
    database.close();
  }
  return { path, release: () => lock.close() };
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

function prepareDirectory(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  chmodSync(directory, 0o700);
}

/** @throws DataDirectoryError when the file is newer than this Zekt */
export function migrate(database: DatabaseSync, directory: string): void {
  const row = database.prepare('PRAGMA user_version').get();
  const version = Number(row?.user_version ?? 0);
  if (version > migrations.length) {
    throw new DataDirectoryError(
      `The data in '${directory}' was written by a newer Zekt (format ${version}; this one knows ${migrations.length}). Update Zekt.`,
    );
  }
  migrations.slice(version).forEach((step, offset) => {
    database.exec(`BEGIN IMMEDIATE; ${step} PRAGMA user_version = ${version + offset + 1}; COMMIT;`);
  });
}
