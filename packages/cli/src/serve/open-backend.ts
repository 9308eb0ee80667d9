import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { openAzure } from '@zekt/azure';
import type { SigningSecret } from '@zekt/chatops';
import {
  MemoryPace,
  StoredPace,
  type Bus,
  type Clock,
  type DocumentStore,
  type Log,
  type Pace,
  type Secrets,
} from '@zekt/core';
import { openEmbedded, openEncryptedSecrets } from '@zekt/embedded';
import { SettingsError, type Settings } from '@zekt/host';
import { keepAdminToken } from './admin-token.ts';
import { keepSecret } from './keep-secret.ts';
import { repeat } from './repeat.ts';

/** What keeps documents and messages, and what goes with it. */
export interface Backend {
  readonly store: DocumentStore;
  readonly bus: Bus;
  readonly pace: Pace;
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
  const limits = { perMinute: settings.dispatchPerMinute, burst: settings.dispatchBurst };
  if (settings.azure === null) {
    const embedded = openEmbedded(settings.dataDir, clock);
    const adminToken = settings.adminToken ?? keepAdminToken(settings.dataDir);
    return {
      ...embedded,
      pace: new MemoryPace(limits),
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
    pace: new StoredPace(limits, store),
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
