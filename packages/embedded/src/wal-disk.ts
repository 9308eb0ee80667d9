import { closeSync, fdatasync, fdatasyncSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { Copier } from './copier.ts';
import { syncDirectory } from './data-directory.ts';
import type { Disk } from './disk.ts';

/** Pages of 4 KiB in the log above which they are copied into the file. */
export const copyAbovePages = 4000;
/** So few are copied while the next group waits. */
const fewPages = 500;
/** Copying beside the writes, before the rest is copied while they wait. */
const maxPasses = 4;
/** Groups between two looks at the log: a look is a statement. */
const lookEvery = 16;

/**
 * The log (WAL) of a database file, made durable by one `fdatasync` for a whole group.
 *
 * Why that is enough: frames of the log carry a salt and running checksums, and recovery takes the longest run of whole transactions that
 * is right ("WAL-mode File Format", sqlite.org); so whatever a power cut leaves of frames that were not synced, all those before the last
 * sync are there, and no half of a transaction is. SQLite itself syncs the log before it copies from it, the file after that, and the log's new
 * header before it begins anew (synchronous = NORMAL). `power-cut.test.ts` cuts at each of these points.
 */
export class WalDisk implements Disk {
  readonly gatherMs = 4;
  readonly #copier: Copier;
  readonly #copyAbovePages: number;
  readonly #log: number;
  readonly #look;
  #groups = 0;
  #copying: Promise<void> | null = null;
  #rest: Promise<void> | null = null;

  /** @param path of the file, which is open: so its log exists */
  constructor(database: DatabaseSync, path: string, copier: Copier, abovePages = copyAbovePages) {
    this.#copier = copier;
    this.#copyAbovePages = abovePages;
    // Does nothing but tell how long the log is, and how much of it is copied (SQLite 3.51).
    this.#look = database.prepare('PRAGMA wal_checkpoint(NOOP)');
    // SQLite locks nothing in the log, so closing this one lets go of nothing ("File Locking And Concurrency", POSIX advisory locks).
    this.#log = openSync(`${path}-wal`, 'r+');
    // What a killed process wrote is read now, and must not be lost later.
    fdatasyncSync(this.#log);
    syncDirectory(dirname(path));
  }

  ready(): Promise<void> | null {
    return this.#rest;
  }

  sync(): Promise<void> {
    this.#groups += 1;
    if (this.#groups % lookEvery === 0 && this.#copying === null && this.#pagesToCopy() > this.#copyAbovePages) {
      this.#copying = this.#copy().finally(() => (this.#copying = null));
    }
    return new Promise((resolve, reject) => {
      fdatasync(this.#log, (error) => (error ? reject(error) : resolve()));
    });
  }

  async close(): Promise<void> {
    await this.#copying;
    await this.#copier.close();
    closeSync(this.#log);
  }

  /** First beside the writes, then what came meanwhile while they wait: the log begins anew only when all of it is copied. */
  async #copy(): Promise<void> {
    try {
      let passes = 0;
      do {
        await this.#copier.copy();
        passes += 1;
      } while (this.#pagesToCopy() > fewPages && passes < maxPasses);
      const rest = this.#copier.copy();
      this.#rest = rest.catch(() => undefined);
      await rest;
    } catch {
      // The log is whole and goes on growing; the next look tries again.
    } finally {
      this.#rest = null;
    }
  }

  #pagesToCopy(): number {
    const { log = 0, checkpointed = 0 } = this.#look.get() ?? {};
    return Number(log) - Number(checkpointed);
  }
}
