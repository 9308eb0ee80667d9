import { DatabaseSync } from 'node:sqlite';

/** Counted by `user_version`; each change of the schema raises it. */
export const formatVersion = 2;

/** A message is one row in one tree: who has it in hand, and in which order sessions are ready, is known in memory alone. */
const schema = `
  CREATE TABLE documents (
    partition TEXT NOT NULL, id TEXT NOT NULL, etag TEXT NOT NULL, expires_at INTEGER, body TEXT NOT NULL,
    PRIMARY KEY (partition, id)
  );
  CREATE INDEX documents_by_expiry ON documents (expires_at) WHERE expires_at IS NOT NULL;
  CREATE TABLE messages (
    seq INTEGER PRIMARY KEY, queue TEXT NOT NULL, session TEXT NOT NULL, id TEXT NOT NULL,
    visible_at INTEGER NOT NULL, deliveries INTEGER NOT NULL, body TEXT NOT NULL
  );
  CREATE TABLE dead_letters (
    queue TEXT NOT NULL, id TEXT NOT NULL, session TEXT NOT NULL, body TEXT NOT NULL, reason TEXT NOT NULL,
    dead_at INTEGER NOT NULL, deliveries INTEGER NOT NULL,
    PRIMARY KEY (queue, id)
  ) WITHOUT ROWID;`;

/** The data directory is in use, or was written by another version of Zekt. */
export class DataDirectoryError extends Error {
  override readonly name = 'DataDirectoryError';
}

/**
 * The one connection that reads and writes. `synchronous = NORMAL` syncs the log when it begins anew and around its being copied into
 * the file, never at a commit ("PRAGMA synchronous", sqlite.org): who commits sees to that, see `WalDisk`.
 *
 * @param path of the file; `:memory:` for none
 * @param directory named in errors
 * @throws DataDirectoryError when the file has another format than this Zekt's
 */
export function openDatabase(path: string, directory: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: 5000 });
  try {
    checkFormat(database, directory);
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0;');
    database.exec('PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY;');
    if (formatOf(database) === 0)
      database.exec(`BEGIN IMMEDIATE; ${schema} PRAGMA user_version = ${formatVersion}; COMMIT;`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

const formatOf = (database: DatabaseSync): number =>
  Number(database.prepare('PRAGMA user_version').get()?.user_version ?? 0);

function checkFormat(database: DatabaseSync, directory: string): void {
  const version = formatOf(database);
  if (version === 0 || version === formatVersion) return;
  const found = `The data in '${directory}' was written by`;
  throw new DataDirectoryError(
    version > formatVersion
      ? `${found} a newer Zekt (format ${version}; this one reads ${formatVersion}): update Zekt.`
      : `${found} an older Zekt (format ${version}; this one reads ${formatVersion}): start with an empty ZEKT_DATA_DIR.`,
  );
}
