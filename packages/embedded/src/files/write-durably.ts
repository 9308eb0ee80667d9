import { randomBytes } from 'node:crypto';
import { dirname } from 'node:path';
import { systemFiles, type FileSystem } from './file-system.ts';
import { syncDirectory } from './sync-directory.ts';

/**
 * Writes a file (0600) so that the path holds all of the new content or what it held before, whatever happens meanwhile. It outlives a power
 * cut once this returns.
 *
 * @throws the error of the file system, with nothing changed at the path unless only the last sync failed
 */
export function writeDurably(path: string, text: string, files: FileSystem = systemFiles): void {
  const draft = `${path}.${randomBytes(6).toString('hex')}.new`;
  try {
    const descriptor = files.openSync(draft, 'wx', 0o600);
    try {
      files.writeFileSync(descriptor, text);
      files.fsyncSync(descriptor);
    } finally {
      files.closeSync(descriptor);
    }
    files.renameSync(draft, path);
  } catch (error) {
    files.rmSync(draft, { force: true });
    throw error;
  }
  syncDirectory(dirname(path), files);
}
