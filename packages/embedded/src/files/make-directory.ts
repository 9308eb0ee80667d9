import { dirname, resolve } from 'node:path';
import { syncDirectory } from './sync-directory.ts';
import { systemFiles, type FileSystem } from './file-system.ts';

/**
 * Makes a directory (0700) and those above it, one by one: Node's own `recursive` never returns where the system answers ENOENT for a
 * directory that can't be made, as in /proc.
 *
 * @throws the error of the file system
 */
export function makeDirectory(directory: string, files: FileSystem = systemFiles): void {
  const path = resolve(directory);
  if (files.existsSync(path)) return;
  const parent = dirname(path);
  makeDirectory(parent, files);
  try {
    files.mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another process may have been quicker.
    if (!(Error.isError(error) && 'code' in error && error.code === 'EEXIST')) throw error;
    return;
  }
  syncDirectory(parent, files);
}
