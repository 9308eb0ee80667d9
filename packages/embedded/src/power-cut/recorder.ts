import { existsSync, readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { Copier } from '../copier.ts';
import type { LogFile } from '../log-file.ts';
import { readState } from './read-state.ts';
import { torn } from './torn.ts';

/** The two files that count: SQLite rebuilds its index of the log. */
export interface Files {
  readonly file: Buffer;
  readonly log: Buffer;
}

/** What is certainly on disk, and what is read there. */
export interface Synced {
  readonly files: Files;
  readonly state: string;
}

/** A moment at which the power may fail. */
export interface Cut {
  readonly where: 'written' | 'synced' | 'log begun anew' | 'copying' | 'copied';
  readonly files: Files;
  /** What may be found afterwards: what was synced, and what was written since. */
  readonly states: readonly string[];
}

/** Salts and a checksum: SQLite writes and syncs it before the first frame of a log that begins anew. */
const logHeaderBytes = 32;

/**
 * Stands where the disk is: writes go to real files, and a copy of these keeps what would be there if nothing had been written since the
 * last sync. SQLite's own syncs (of the log before it is copied, of the file after that, of the log's new header) are taken to happen as its
 * source says: `walCheckpoint` and `sqlite3WalFrames` in wal.c.
 */
export class Recorder {
  readonly #path: string;
  readonly #random: () => number;
  readonly #onCut: (cut: Cut) => void;
  readonly #copying: DatabaseSync;
  readonly #reader: DatabaseSync;
  #isReading = false;
  #isDead = false;
  #synced: Synced;

  /**
   * @param path of the database file, which is open
   * @param survived what of it is on disk, where a process that was killed wrote it
   */
  constructor(path: string, random: () => number, onCut: (cut: Cut) => void, survived?: Synced) {
    this.#path = path;
    this.#random = random;
    this.#onCut = onCut;
    this.#synced = survived ?? { files: this.written(), state: readState(path) };
    this.#copying = new DatabaseSync(path);
    this.#copying.exec('PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0;');
    this.#reader = new DatabaseSync(path);
  }

  get synced(): Synced {
    return this.#synced;
  }

  /** What other processes see. */
  written(): Files {
    const log = `${this.#path}-wal`;
    return { file: readFileSync(this.#path), log: existsSync(log) ? readFileSync(log) : Buffer.alloc(0) };
  }

  get log(): LogFile {
    return {
      syncAtStart: () => {
        this.#cutWritten(this.written().log, readState(this.#path));
        this.#syncLog();
      },
      sync: () => this.#sync(),
      close: () => undefined,
    };
  }

  get copier(): Copier {
    return { copy: () => this.#copy(), close: async () => this.#close() };
  }

  /** Begins or ends to read: what came since it began can't be copied meanwhile. */
  toggleReader(): void {
    this.#reader.exec(this.#isReading ? 'COMMIT' : 'BEGIN; SELECT count(*) FROM documents;');
    this.#isReading = !this.#isReading;
  }

  /** The process is gone: nothing is synced any more. */
  kill(): void {
    this.#isDead = true;
  }

  async #sync(): Promise<void> {
    const { log } = this.written();
    const state = readState(this.#path);
    this.#cutWritten(log, state);
    // Other turns of the event loop go by meanwhile.
    await turn();
    if (this.#isDead) throw new Error('killed');
    this.#synced = { files: { ...this.#synced.files, log }, state };
    this.#cut('synced');
  }

  async #copy(): Promise<void> {
    await turn();
    if (this.#isDead) throw new Error('killed');
    this.#syncLog();
    this.#copying.exec('PRAGMA wal_checkpoint(PASSIVE)');
    const { files, state } = this.#synced;
    const { file } = this.written();
    for (const share of [this.#random(), 0.5])
      this.#onCut({
        where: 'copying',
        files: { ...files, file: torn(files.file, file, share, this.#random) },
        states: [state],
      });
    this.#synced = { files: { ...files, file }, state };
    this.#cut('copied');
  }

  #cut(where: Cut['where']): void {
    this.#onCut({ where, files: this.#synced.files, states: [this.#synced.state] });
  }

  /** Of what was written to the log since the last sync, any part may be there. */
  #cutWritten(log: Buffer, state: string): void {
    this.#cutHeader(log);
    const { files, state: before } = this.#synced;
    for (const share of [0, this.#random(), 0.9, 1])
      this.#onCut({
        where: 'written',
        files: { ...files, log: torn(files.log, log, share, this.#random) },
        states: [before, state],
      });
  }

  #cutHeader(log: Buffer): void {
    const { files, state } = this.#synced;
    const header = log.subarray(0, logHeaderBytes);
    if (header.equals(files.log.subarray(0, logHeaderBytes))) return;
    const begun = Buffer.concat([header, files.log.subarray(logHeaderBytes)]);
    for (const left of [files.log, begun])
      this.#onCut({ where: 'log begun anew', files: { ...files, log: left }, states: [state] });
    this.#synced = { files: { ...files, log: begun }, state };
  }

  #syncLog(): void {
    this.#synced = { files: { ...this.#synced.files, log: this.written().log }, state: readState(this.#path) };
  }

  #close(): void {
    if (this.#isReading) this.toggleReader();
    this.#reader.close();
    this.#copying.close();
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
