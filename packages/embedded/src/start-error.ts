import { DataDirectoryError } from './data-directory-error.ts';
import { DiskUnavailableError, diskTroubleOf, type DiskTrouble } from './disk-trouble.ts';

const restore = 'Restore the directory from a backup (docs/how-to/operate-zekt-serve.md)';

const sentences: Readonly<Record<DiskTrouble, (directory: string) => string>> = {
  full: (it) => `The disk of the data directory '${it}' is full. Make room, or set ZEKT_DATA_DIR to another disk.`,
  failing: (it) =>
    `The data directory '${it}' can't be read or written. Check its disk, or set ZEKT_DATA_DIR to another.`,
  'read-only': (it) =>
    `Zekt may not read and write the data directory '${it}'. Give its user the right, or set ZEKT_DATA_DIR to another directory.`,
  damaged: (it) => `The data in '${it}' is damaged. ${restore}.`,
};

/** Of `mkdir` and `open`, where a path can't be made. */
const notPossible: Readonly<Record<string, string>> = {
  ENOENT: 'nothing can be made there',
  ENOTDIR: 'a part of its path is no directory',
  ENAMETOOLONG: 'its name is too long',
  ELOOP: 'its links lead in a circle',
};

/** What keeps the store from opening, as one sentence that names ZEKT_DATA_DIR and says what to do; any other error as it is. */
export function startError(error: unknown, directory: string): unknown {
  if (error instanceof DataDirectoryError || !Error.isError(error)) return error;
  const reason = 'code' in error ? notPossible[String(error.code)] : undefined;
  if (reason !== undefined)
    return new DataDirectoryError(
      `The data directory '${directory}' can't be used: ${reason}. Set ZEKT_DATA_DIR to another directory.`,
      { cause: error },
    );
  const cause = error instanceof DiskUnavailableError ? error.cause : error;
  const trouble = diskTroubleOf(cause);
  return trouble === null
    ? error
    : new DataDirectoryError(`${sentences[trouble](directory)} (${Error.isError(cause) ? cause.message : ''})`, {
        cause: error,
      });
}

/** @throws what `startError` makes of what `open` throws */
export function opening<T>(directory: string, open: () => T): T {
  try {
    return open();
  } catch (error) {
    throw startError(error, directory);
  }
}
