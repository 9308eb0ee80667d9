import { systemFiles, type FileSystem } from './file-system.ts';

/** Makes the names in a directory outlive a power cut. */
export function syncDirectory(directory: string, files: FileSystem = systemFiles): void {
  const descriptor = files.openSync(directory, 'r');
  try {
    files.fsyncSync(descriptor);
  } finally {
    files.closeSync(descriptor);
  }
}
