import { DataDirectoryError } from './data-directory-error.ts';
import { systemFiles, type FileSystem } from './files/file-system.ts';
import { readLog } from './read-log.ts';

/**
 * SQLite takes the longest run of whole transactions that is right in a log, and says nothing of what comes after it. That is as it must be
 * after a power cut, for what was not synced: one group, which is one transaction as a rule. A damaged log with more behind the damage has
 * lost what was answered, so it is refused.
 *
 * @param path of the database file, which is not open
 * @throws DataDirectoryError when the log is damaged
 */
export function checkLog(path: string, directory: string, files: FileSystem = systemFiles): void {
  const log = `${path}-wal`;
  const found = readLog(log, files);
  if (found.state === 'good') return;
  const [damage, goOn] =
    found.state === 'header'
      ? ['its header is wrong', `To go on without what this file held: mv '${log}' elsewhere`]
      : [
          `${found.commitsBehind} transactions follow the damage`,
          `To go on with what is before the damage: keep a copy of it, and run: truncate -s ${found.at} '${log}'`,
        ];
  throw new DataDirectoryError(
    `The file '${log}' is damaged: ${damage}. Restore '${directory}' from a backup (docs/how-to/operate-zekt-serve.md). ${goOn}`,
  );
}
