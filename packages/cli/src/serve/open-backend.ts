import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { openAzure } from '@zekt/azure';
import type { SigningSecret } from '@zekt/chatops';
import { keepServerKey, type Bus, type Clock, type DocumentStore, type Log, type Secrets } from '@zekt/core';
import { openEmbedded, openEncryptedSecrets } from '@zekt/embedded';
import { rememberCardsMs, repeat, SettingsError, type Settings } from '@zekt/host';
import { keepAdminToken } from './admin-token.ts';
import { keepSecret } from './keep-secret.ts';

/** What keeps documents and messages, and what goes with it. */
export interface Backend {
  readonly store: DocumentStore;
  readonly bus: Bus;
  /** Of opaque ids. */
  readonly serverKey: Uint8Array;
  /** How long a provider's card is remembered (ms). */
  readonly rememberCardsMs: number;
  readonly adminToken: string;
  readonly secrets: Secrets;
  readonly signingSecrets: readonly [SigningSecret, ...SigningSecret[]];
  close(): Promise<void>;
}

/** How often an outbox in Azure is looked through for messages that were not published at once. */
const sweepEveryMs = 5000;

/**
 * Embedded in one file, or in Azure where the settings say so.
 *
 * @throws DataDirectoryError when another process holds the data directory
 */
export async function openBackend(settings: Settings, log: Log, clock: Clock): Promise<Backend> {
  if (settings.azure === null) {
    const embedded = openEmbedded(settings.dataDir, clock);
    const adminToken = settings.adminToken ?? keepAdminToken(settings.dataDir);
    return {
      ...embedded,
      serverKey: await keepServerKey(embedded.store),
      // Its store remembers everything itself.
      rememberCardsMs: 0,
      adminToken,
      secrets: openEncryptedSecrets(settings.dataDir, secretsKey(settings)),
      signingSecrets: settings.chatops.signingSecrets ?? [keepSigningSecret(settings.dataDir)],
    };
  }
  const { store, bus, outbox, secrets, close } = await openAzure(settings.azure, log, clock);
  const sweep = async (): Promise<void> => {
    const count = await outbox.sweep();
    if (count > 0) log.info({ count }, 'published messages that had been left in the outbox');
  };
  const stopSweeping = repeat(sweep, sweepEveryMs, (error) =>
    log.warn({ err: error }, 'the outbox could not be looked through; trying again later'),
  );
  return {
    store,
    bus,
    serverKey: await keepServerKey(store),
    rememberCardsMs,
    adminToken: settings.adminToken ?? '',
    secrets,
    signingSecrets: settings.chatops.signingSecrets ?? [{ id: 'k1', secret: randomBytes(32) }],
    async close() {
      await stopSweeping();
      await close();
    },
  };
}

const newKey = (): string => randomBytes(32).toString('base64');

/** Beside the data directory, not in it: a copy of the one does not open the other. */
function secretsKey({ dataDir, secretsKeyFile }: Settings): Uint8Array {
  const path = secretsKeyFile ?? `${resolve(dataDir)}.key`;
  const key = Buffer.from(keepSecret(path, newKey), 'base64');
  if (key.length !== 32) throw new SettingsError([`the key file '${path}' must hold 32 bytes in base64`]);
  return key;
}

function keepSigningSecret(dataDir: string): SigningSecret {
  const [id = '', secret = ''] = keepSecret(join(dataDir, 'approval-key'), () => `k1:${newKey()}`).split(':');
  return { id, secret: Buffer.from(secret, 'base64') };
}
