import { dirname } from 'node:path';
import { DataDirectoryError } from '../data-directory-error.ts';
import { assertPrivate, ownSecret, type Identity, type Privacy } from './assert-private.ts';
import { systemFiles, type FileSystem } from './file-system.ts';
import { makeDirectory } from './make-directory.ts';
import { writeDurably } from './write-durably.ts';

export interface SecretFile {
  readonly path: string;
  /** What it is, as a message begins: 'The admin token'. */
  readonly what: string;
  readonly form: RegExp;
  /** The form in words. */
  readonly wanted: string;
  /** What to do when it is damaged and there is no backup. */
  readonly wayOut: string;
  /** @default that of a file in the data directory */
  readonly privacy?: Privacy;
}

/**
 * The secret in a file (0600); made when there is none. One that is damaged is never replaced.
 *
 * @throws DataDirectoryError when others may read or change the file, or when it is damaged
 */
export function keepSecretFile(
  { path, what, form, wanted, wayOut, privacy = ownSecret }: SecretFile,
  make: () => string,
  files: FileSystem = systemFiles,
  identity?: Identity,
): string {
  if (!files.existsSync(path)) {
    const made = make();
    makeDirectory(dirname(path), files);
    writeDurably(path, `${made}\n`, files);
    return made;
  }
  assertPrivate(path, what, privacy, files, identity);
  const text = files.readFileSync(path, 'utf8').trim();
  if (form.test(text)) return text;
  throw new DataDirectoryError(
    `${what} '${path}' is damaged: it must hold ${wanted}, and ${text === '' ? 'it is empty' : 'it holds something else'}. Restore it from a backup. Without a backup: ${wayOut}`,
  );
}
