import { join } from 'node:path';
import type { Secrets } from '@zekt/core';
import { DataDirectoryError } from './data-directory-error.ts';
import { unavailableIfDisk } from './disk-trouble.ts';
import { assertPrivate, ownSecret, type Identity } from './files/assert-private.ts';
import { systemFiles, type FileSystem } from './files/file-system.ts';
import { writeDurably } from './files/write-durably.ts';
import { seal, unseal } from './sealed.ts';

/** By name: see `seal`. */
type Sealed = Readonly<Record<string, string>>;

/**
 * Secrets in a file of the data directory, encrypted with a key that is kept elsewhere: a copy of the directory tells nothing.
 *
 * @param key 32 bytes
 * @throws DataDirectoryError when the file is damaged, open to other users, or was encrypted with another key
 */
export function openEncryptedSecrets(
  directory: string,
  key: Uint8Array,
  files: FileSystem = systemFiles,
  identity?: Identity,
): Secrets {
  const path = secretsFile(directory);
  const read = (): Sealed => readSealed(path, files);
  const write = (secrets: Sealed): void => {
    try {
      writeDurably(path, `${JSON.stringify({ secrets }, null, 2)}\n`, files);
    } catch (error) {
      throw unavailableIfDisk(error);
    }
  };
  if (files.existsSync(path)) {
    assertPrivate(path, 'The file', ownSecret, files, identity);
    for (const [name, sealed] of Object.entries(read())) unsealOrSay(key, name, sealed, path);
  }
  return {
    async get(name) {
      const sealed = read()[name];
      return sealed === undefined ? null : unsealOrSay(key, name, sealed, path);
    },
    async set(name, value) {
      write({ ...read(), [name]: seal(key, name, value) });
    },
    async remove(name) {
      const { [name]: _, ...others } = read();
      write(others);
    },
    async names() {
      return Object.keys(read()).sort();
    },
  };
}

export const secretsFile = (directory: string): string => join(directory, 'secrets.json');

/**
 * None when there is no file.
 *
 * @throws DataDirectoryError when the file is damaged
 */
export function readSealed(path: string, files: FileSystem = systemFiles): Sealed {
  let text: string;
  try {
    text = files.existsSync(path) ? files.readFileSync(path, 'utf8') : '{"secrets":{}}';
  } catch (error) {
    throw unavailableIfDisk(error);
  }
  const secrets = parse(text);
  if (secrets === null)
    throw new DataDirectoryError(
      `The file '${path}' is damaged: it must hold the encrypted secrets as JSON. Restore it from a backup. Without a backup: delete it, and set the secrets again (zekt secrets set).`,
    );
  return secrets;
}

function parse(text: string): Sealed | null {
  try {
    const { secrets } = JSON.parse(text) as { readonly secrets?: unknown };
    const isSealed =
      typeof secrets === 'object' && secrets !== null && Object.values(secrets).every((it) => typeof it === 'string');
    return isSealed ? (secrets as Sealed) : null;
  } catch {
    return null;
  }
}

function unsealOrSay(key: Uint8Array, name: string, sealed: string, path: string): string {
  try {
    return unseal(key, name, sealed);
  } catch (cause) {
    throw new DataDirectoryError(
      `The secret '${name}' in '${path}' can't be decrypted: it was kept with another key, or is damaged. Restore the key file (ZEKT_SECRETS_KEY_FILE) that belongs to it. Without a backup: delete both files, and set the secrets again (zekt secrets set).`,
      { cause },
    );
  }
}
