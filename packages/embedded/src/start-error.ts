import { DataDirectoryError } from './data-directory-error.ts';
import { diskTroubleOf, DiskUnavailableError, type DiskTrouble } from './disk-trouble.ts';

/** What a setting names. */
interface Place {
  /** As in the middle of a sentence. */
  readonly what: string;
  readonly path: string;
  readonly setting: string;
}

const sentences: Readonly<Record<DiskTrouble, (place: Place) => string>> = {
  full: ({ what, path, setting }) =>
    `The disk of ${what} '${path}' is full. Make room, or set ${setting} to a place on another disk.`,
  failing: ({ what, path, setting }) =>
    `Zekt can't read and write ${what} '${path}'. Check its disk, or set ${setting} to another place.`,
  'read-only': ({ what, path, setting }) =>
    `Zekt may not read and write ${what} '${path}'. Give its user the right, or set ${setting} to another place.`,
  damaged: ({ what, path }) =>
    `The data in ${what} '${path}' is damaged. Restore it from a backup (docs/how-to/operate-zekt-serve.md).`,
};

/** Of `mkdir`, `open` and `read`, where there can be no such file or directory. */
const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'nothing can be made there',
  ENOTDIR: 'a part of its path is no directory',
  EISDIR: 'it is a directory',
  ENAMETOOLONG: 'its name is too long',
  ELOOP: 'its links lead in a circle',
};

/** What keeps a file or directory from being used, as one sentence that names the setting and says what to do; any other error as it is. */
function placeError(error: unknown, place: Place): unknown {
  if (error instanceof DataDirectoryError || !Error.isError(error)) return error;
  const reason = 'code' in error ? reasons[String(error.code)] : undefined;
  if (reason !== undefined)
    return new DataDirectoryError(
      `Zekt can't use ${place.what} '${place.path}': ${reason}. Set ${place.setting} to another place.`,
      { cause: error },
    );
  const cause = error instanceof DiskUnavailableError ? error.cause : error;
  const trouble = diskTroubleOf(cause);
  if (trouble === null) return error;
  const detail = Error.isError(cause) ? ` (${cause.message})` : '';
  return new DataDirectoryError(`${sentences[trouble](place)}${detail}`, { cause: error });
}

/** What keeps a data directory from being used, as one sentence that names ZEKT_DATA_DIR and says what to do; any other error as it is. */
export const startError = (error: unknown, directory: string): unknown =>
  placeError(error, { what: 'the data directory', path: directory, setting: 'ZEKT_DATA_DIR' });

/** @throws what `placeError` makes of what `open` throws */
export function opening<T>(place: Place, open: () => T): T {
  try {
    return open();
  } catch (error) {
    throw placeError(error, place);
  }
}
