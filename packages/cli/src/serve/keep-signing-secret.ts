import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { SigningSecret } from '@zekt/chatops';
import { keepSecretFile } from '@zekt/embedded';

/**
 * What links, forms and evidence of approvals are signed with, kept in the data directory and made when there is none.
 *
 * @throws DataDirectoryError when it is damaged, or open to other users
 */
export function keepSigningSecret(dataDir: string): SigningSecret {
  const text = keepSecretFile(
    {
      path: join(dataDir, 'approval-key'),
      what: 'The approval key',
      form: /^[\w-]{1,32}:[\w+/-]{43}=?$/,
      wanted: "'id:base64' of 32 bytes",
      wayOut:
        'delete it, and the next start makes a new one: links that were sent before lead nowhere then, and evidence that was signed before is verified with the old public key only.',
    },
    () => `k1:${randomBytes(32).toString('base64')}`,
  );
  const [id = '', secret = ''] = text.split(':');
  return { id, secret: Buffer.from(secret, 'base64') };
}
