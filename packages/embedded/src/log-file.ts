import { dirname } from 'node:path';
import { systemFiles, type FileSystem } from './files/file-system.ts';
import { syncDirectory } from './files/sync-directory.ts';

/** The log (WAL) of a database file, as far as it is made durable by us. */
export interface LogFile {
  /** At the start: what is in it, and its name. */
  syncAtStart(): void;
  /** Resolves when everything that was written before the call is on disk. */
  sync(): Promise<void>;
  close(): void;
}

/** @param path of the database file, which is open: so its log exists */
export function openLogFile(path: string, files: FileSystem = systemFiles): LogFile {
  // SQLite locks the database file and its index, not the log: closing it here lets go of no lock ("How To Corrupt", 2.2, sqlite.org).
  const log = files.openSync(`${path}-wal`, 'r+');
  return {
    syncAtStart() {
      files.fdatasyncSync(log);
      syncDirectory(dirname(path), files);
    },
    sync: () =>
      new Promise((resolve, reject) => {
        files.fdatasync(log, (error) => (error ? reject(error) : resolve()));
      }),
    close: () => files.closeSync(log),
  };
}
