import { closeSync, fdatasync, fdatasyncSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { syncDirectory } from './data-directory.ts';

/** The log (WAL) of a database file, as far as it is made durable by us. */
export interface LogFile {
  /** At the start: what is in it, and its name. */
  syncAtStart(): void;
  /** Resolves when everything that was written before the call is on disk. */
  sync(): Promise<void>;
  close(): void;
}

/** @param path of the database file, which is open: so its log exists */
export function openLogFile(path: string): LogFile {
  // SQLite locks the database file and its index, not the log: closing it here lets go of no lock ("How To Corrupt", 2.2, sqlite.org).
  const log = openSync(`${path}-wal`, 'r+');
  return {
    syncAtStart() {
      fdatasyncSync(log);
      syncDirectory(dirname(path));
    },
    sync: () =>
      new Promise((resolve, reject) => {
        fdatasync(log, (error) => (error ? reject(error) : resolve()));
      }),
    close: () => closeSync(log),
  };
}
