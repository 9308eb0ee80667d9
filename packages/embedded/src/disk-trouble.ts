import { ZektError } from '@zekt/core';

/** Why nothing can be written or read. */
export type DiskTrouble = 'full' | 'failing' | 'read-only' | 'damaged';

/** Primary result codes ("Result and Error Codes", sqlite.org). */
const ofSqlite: Readonly<Record<number, DiskTrouble>> = {
  3: 'read-only', // PERM
  8: 'read-only', // READONLY
  10: 'failing', // IOERR
  11: 'damaged', // CORRUPT
  13: 'full', // FULL
  14: 'failing', // CANTOPEN
  26: 'damaged', // NOTADB
};

/** "errno - number of last error", Linux man pages. */
const ofSystem: Readonly<Record<string, DiskTrouble>> = {
  ENOSPC: 'full',
  EDQUOT: 'full',
  EFBIG: 'full',
  EIO: 'failing',
  ENXIO: 'failing',
  ENODEV: 'failing',
  ESTALE: 'failing',
  EMFILE: 'failing',
  ENFILE: 'failing',
  EROFS: 'read-only',
  EACCES: 'read-only',
  EPERM: 'read-only',
};

/** SQLite's primary result code of an error of `node:sqlite`; null for any other. */
export function sqliteCodeOf(error: unknown): number | null {
  if (!Error.isError(error) || !('errcode' in error)) return null;
  return Number(error.errcode) & 0xff;
}

/** Null when an error is about something else. */
export function diskTroubleOf(error: unknown): DiskTrouble | null {
  if (!Error.isError(error)) return null;
  const code = sqliteCodeOf(error);
  if (code !== null) return ofSqlite[code] ?? null;
  return 'code' in error ? (ofSystem[String(error.code)] ?? null) : null;
}

/** For callers of the server, who learn nothing of its directories. */
const sentences: Readonly<Record<DiskTrouble, string>> = {
  full: 'The disk of the Zekt server is full: its operator has to make room. Try again later.',
  failing: 'The disk of the Zekt server fails: its operator has to look at it. Try again later.',
  'read-only': 'The Zekt server may not write to its disk: its operator has to change that. Try again later.',
  damaged: 'The database of the Zekt server is damaged: its operator has to restore it. Try again later.',
};

/** The refusal of a caller for trouble with the disk, which is the cause. */
export class DiskUnavailableError extends ZektError {
  constructor(trouble: DiskTrouble, cause: unknown) {
    super('unavailable', sentences[trouble], { cause, retryAfterMs: 30_000 });
  }
}

/** An error as it goes on to callers: trouble with the disk as `unavailable`, any other as it is. */
export function unavailableIfDisk(error: unknown): unknown {
  const trouble = diskTroubleOf(error);
  return trouble === null ? error : new DiskUnavailableError(trouble, error);
}
