import { randomBytes } from 'node:crypto';
import { openAzure } from '@zekt/azure';
import { keepServerKey, type Clock, type Log } from '@zekt/core';
import { rememberCardsMs, repeat, type Settings } from '@zekt/host';
import type { Backend } from './backend.ts';
import { openEmbeddedBackend } from './open-embedded-backend.ts';

/** How often an outbox in Azure is looked through for messages that were not published at once. */
const sweepEveryMs = 5000;

/**
 * Embedded in one file, or in Azure where the settings say so.
 *
 * @throws DataDirectoryError when the data directory can't be used
 */
export async function openBackend(settings: Settings, log: Log, clock: Clock): Promise<Backend> {
  if (settings.azure === null) return openEmbeddedBackend(settings, log, clock);
  const { store, bus, outbox, secrets, close } = await openAzure(settings.azure, log, clock);
  const sweep = async (): Promise<void> => {
    const { published: count } = await outbox.sweep();
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
