import { resolve } from 'node:path';
import { keepServerKey, type Clock, type Log } from '@zekt/core';
import { keepSecretsKey, openEmbedded, openEncryptedSecrets, startError } from '@zekt/embedded';
import type { Settings } from '@zekt/host';
import type { Backend } from './backend.ts';
import { keepAdminToken } from './keep-admin-token.ts';
import { keepSigningSecret } from './keep-signing-secret.ts';
import { tellTrouble } from './tell-trouble.ts';

/**
 * Everything in one data directory.
 *
 * @throws DataDirectoryError when that or a file in it can't be used; the message says which, and what to do
 */
export async function openEmbeddedBackend(settings: Settings, log: Log, clock: Clock): Promise<Backend> {
  const { dataDir, chatops } = settings;
  const embedded = openEmbedded(dataDir, clock, { onTrouble: tellTrouble(log, dataDir, clock) });
  try {
    // Beside the data directory, not in it: a copy of the one does not open the other.
    const keyFile = settings.secretsKeyFile ?? `${resolve(dataDir)}.key`;
    return {
      ...embedded,
      serverKey: await keepServerKey(embedded.store),
      // Its store remembers everything itself.
      rememberCardsMs: 0,
      adminToken: settings.adminToken ?? keepAdminToken(dataDir),
      secrets: openEncryptedSecrets(dataDir, keepSecretsKey(dataDir, keyFile)),
      signingSecrets: chatops.signingSecrets ?? [keepSigningSecret(dataDir)],
    };
  } catch (error) {
    await embedded.close();
    throw startError(error, dataDir);
  }
}
