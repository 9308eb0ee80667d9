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

/** The data directory is in use, or was written by a newer Zekt. */
export class DataDirectoryError extends Error {
  override readonly name = 'DataDirectoryError';
}

/**
 * Opens the file that holds everything, made on first use. The file stays locked while it is open, and the lock ends with the
 * process however it ends.
 *
 * @param directory made with mode 0700 when missing; `:memory:` keeps nothing
 * @throws DataDirectoryError
 */
export function openDatabase(directory: string): DatabaseSync {
  const path = directory === ':memory:' ? directory : prepareDirectory(directory);
  const database = new DatabaseSync(path);
  try {
    // Exclusive locking is per process; journal_mode takes the lock, so a second process fails here.
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    database.exec('PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 4000; PRAGMA temp_store = MEMORY;');
    database.exec('BEGIN EXCLUSIVE; COMMIT;');
    migrate(database, directory);
    return database;
  } catch (error) {
    database.close();
    if (error instanceof Error && /locked|busy/i.test(error.message)) {
      throw new DataDirectoryError(
        `The data directory '${directory}' is in use by another process. Stop it, or set ZEKT_DATA_DIR to another directory.`,
        { cause: error },
      );
    }
    throw error;
  }
}

function prepareDirectory(directory: string): string {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  chmodSync(directory, 0o700);
  return join(directory, fileName);
}

function migrate(database: DatabaseSync, directory: string): void {
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
