import type { DatabaseSync } from 'node:sqlite';
import type { Copier } from './copier.ts';
import type { Disk } from './disk.ts';
import type { LogFile } from './log-file.ts';

export interface CopyLimits {
  /** Pages of 4 KiB in the log above which they are copied into the file. */
  readonly abovePages: number;
  /** So few are copied while the next group waits. */
  readonly restPages: number;
  /** Groups between two looks at the log. */
  readonly lookEvery: number;
}

const defaultLimits: CopyLimits = { abovePages: 4000, restPages: 500, lookEvery: 16 };

/** Copying beside the writes, before the rest is copied while they wait. */
const maxPasses = 4;

/**
 * The log (WAL) of a database file, made durable by one sync for a whole group.
 *
 * Why that is enough: frames of the log carry a salt and running checksums, and recovery takes the longest run of whole transactions that
 * is right ("WAL-mode File Format", sqlite.org); so whatever a power cut leaves of frames that were not synced, all those before the last
 * sync are there, and no half of a transaction is. SQLite itself syncs the log before it copies from it, the file after that, and the log's
 * new header before it begins anew (`synchronous = NORMAL`). `power-cut.test.ts` cuts at each of these points.
 */
export class WalDisk implements Disk {
  readonly gatherMs = 4;
  readonly #log: LogFile;
  readonly #copier: Copier;
  readonly #limits: CopyLimits;
  readonly #look;
  #groups = 0;
  #copying: Promise<void> | null = null;
  #rest: Promise<void> | null = null;

  constructor(database: DatabaseSync, log: LogFile, copier: Copier, limits: CopyLimits = defaultLimits) {
    this.#log = log;
    this.#copier = copier;
    this.#limits = limits;
    // Does nothing but tell how long the log is, and how much of it is copied (SQLite 3.51).
    this.#look = database.prepare('PRAGMA wal_checkpoint(NOOP)');
    // What a killed process wrote can be read now, so it must not be lost later.
    log.syncAtStart();
  }

  ready(): Promise<void> | null {
    return this.#rest;
  }

  sync(): Promise<void> {
    const { abovePages, lookEvery } = this.#limits;
    this.#groups += 1;
    if (this.#groups % lookEvery === 0 && this.#copying === null && this.#pagesToCopy() > abovePages) {
      this.#copying = this.#copy().finally(() => (this.#copying = null));
    }
    return this.#log.sync();
  }

  async close(): Promise<void> {
    await this.#copying;
    await this.#copier.close();
    this.#log.close();
  }

  /** First beside the writes, then what came meanwhile while they wait: the log begins anew only when all of it is copied. */
  async #copy(): Promise<void> {
    try {
      let passes = 0;
      do {
        await this.#copier.copy();
        passes += 1;
      } while (this.#pagesToCopy() > this.#limits.restPages && passes < maxPasses);
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
