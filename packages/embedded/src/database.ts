import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DataDirectoryError } from './data-directory-error.ts';
import { systemFiles, type FileSystem } from './files/file-system.ts';
import { syncDirectory } from './files/sync-directory.ts';

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
  ) WITHOUT ROWID;
  PRAGMA user_version = ${formatVersion};`;
const tableNames = "'documents', 'messages', 'dead_letters'";

const restore = 'Restore it from a backup (docs/how-to/operate-zekt-serve.md).';

/**
 * The one connection that reads and writes. `synchronous = NORMAL` syncs the log when it begins anew and around its being copied into
 * the file, never at a commit ("PRAGMA synchronous", sqlite.org): who commits sees to that, see `WalDisk`.
 *
 * @param path of the file, made when there is none; `:memory:` for none
 * @param directory named in errors
 * @throws DataDirectoryError when the file is damaged, or has another format than this Zekt's
 */
export function openDatabase(path: string, directory: string, files: FileSystem = systemFiles): DatabaseSync {
  if (path !== ':memory:') prepareFile(path, files);
  const database = new DatabaseSync(path, { timeout: 5000 });
  try {
    if (path === ':memory:') database.exec(schema);
    else checkFormat(database, path, directory);
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0;');
    database.exec('PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY;');
    // The log is made when first something is read.
    database.exec('SELECT 1 FROM documents LIMIT 1');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** A file is whole as soon as it has its name, so one that is empty has lost what was in it. */
function prepareFile(path: string, files: FileSystem): void {
  const status = files.statSync(path, { throwIfNoEntry: false });
  if (status?.size === 0)
    throw new DataDirectoryError(`The file '${path}' is empty: it is damaged. ${restore} Or delete it to start anew.`);
  if (status) return;
  if (files.existsSync(`${path}-wal`))
    throw new DataDirectoryError(
      `The file '${path}' is missing, and its log '${path}-wal' is there: they belong together. ${restore} Or delete the log to start anew.`,
    );
  const draft = `${path}.new`;
  files.rmSync(draft, { force: true });
  const descriptor = files.openSync(draft, 'wx', 0o600);
  try {
    const database = new DatabaseSync(draft);
    try {
      database.exec(`PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN; ${schema} COMMIT;`);
    } finally {
      database.close();
    }
    files.fsyncSync(descriptor);
  } finally {
    files.closeSync(descriptor);
  }
  files.renameSync(draft, path);
  syncDirectory(dirname(path), files);
}

const numberOf = (database: DatabaseSync, sql: string): number =>
  Number(Object.values(database.prepare(sql).get() ?? {})[0] ?? 0);

function checkFormat(database: DatabaseSync, path: string, directory: string): void {
  const version = numberOf(database, 'PRAGMA user_version');
  const tables = numberOf(database, `SELECT count(*) FROM sqlite_schema WHERE name IN (${tableNames})`);
  if (version === formatVersion && tables === 3) return;
  if (version === 0 || version === formatVersion)
    throw new DataDirectoryError(
      `The file '${path}' is no database of Zekt. ${restore} Or set ZEKT_DATA_DIR to another directory.`,
    );
  const found = `The data in '${directory}' was written by`;
  throw new DataDirectoryError(
    version > formatVersion
      ? `${found} a newer Zekt (format ${version}; this one reads ${formatVersion}): update Zekt.`
      : `${found} an older Zekt (format ${version}; this one reads ${formatVersion}): start with an empty ZEKT_DATA_DIR.`,
  );
}
