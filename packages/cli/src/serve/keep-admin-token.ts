import { randomBytes } from 'node:crypto';
import { keepSecretFile } from '@zekt/embedded';
import { adminTokenFile } from './admin-token.ts';

/**
 * The token kept in the data directory, made when there is none. An operator's own may be in its place.
 *
 * @throws DataDirectoryError when it is damaged, or open to other users
 */
export const keepAdminToken = (dataDir: string): string =>
  keepSecretFile(
    {
      path: adminTokenFile(dataDir),
      what: 'The admin token',
      form: /^(?:zekt_[\w-]{43}|(?!zekt_)[\x21-\x7e]{16,1000})$/,
      wanted: 'one line of at least 16 characters',
      wayOut: 'delete it, and the next start makes a new one.',
    },
    () => `zekt_${randomBytes(32).toString('base64url')}`,
  );
