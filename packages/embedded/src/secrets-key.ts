import { randomBytes } from 'node:crypto';
import { DataDirectoryError } from './data-directory-error.ts';
import { readSealed, secretsFile } from './encrypted-secrets.ts';
import { providedSecret, type Identity } from './files/assert-private.ts';
import { systemFiles, type FileSystem } from './files/file-system.ts';
import { keepSecretFile, type SecretFile } from './files/keep-secret-file.ts';
import { opening } from './start-error.ts';

/**
 * The key of the secrets in a data directory (32 bytes), kept in a file of its own; made when there is neither key nor secret.
 *
 * @throws DataDirectoryError when it is damaged or open to others, or missing although there are secrets
 */
export function keepSecretsKey(
  directory: string,
  path: string,
  files: FileSystem = systemFiles,
  identity?: Identity,
): Uint8Array {
  const secrets = secretsFile(directory);
  if (!files.existsSync(path) && Object.keys(readSealed(secrets, files)).length > 0)
    throw new DataDirectoryError(
      `The key file '${path}' is missing, and '${secrets}' holds secrets that were encrypted with it. Restore it, or set ZEKT_SECRETS_KEY_FILE to where it is. Without a backup: delete '${secrets}', and set the secrets again (zekt secrets set).`,
    );
  const file: SecretFile = {
    path,
    what: 'The key file',
    form: /^[\w+/-]{43}=?$/,
    wanted: '32 bytes in base64',
    wayOut: `delete it and '${secrets}', and set the secrets again (zekt secrets set).`,
    privacy: providedSecret,
  };
  const key = opening({ what: 'the key file', path, setting: 'ZEKT_SECRETS_KEY_FILE' }, () =>
    keepSecretFile(file, () => randomBytes(32).toString('base64'), files, identity),
  );
  return Buffer.from(key, 'base64');
}
