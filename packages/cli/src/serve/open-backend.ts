import { openAzure } from '@zekt/azure';
import { MemoryPace, StoredPace, type Bus, type Clock, type DocumentStore, type Log, type Pace } from '@zekt/core';
import { openEmbedded } from '@zekt/embedded';
import type { Settings } from '@zekt/host';
import { keepAdminToken } from './admin-token.ts';
import { repeat } from './repeat.ts';

/** What keeps documents and messages, and what goes with it. */
export interface Backend {
  readonly store: DocumentStore;
  readonly bus: Bus;
  readonly pace: Pace;
  readonly adminToken: string;
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
    return { ...embedded, pace: new MemoryPace(limits), adminToken };
  }
  const { store, bus, outbox, close } = await openAzure(settings.azure, log, clock);
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
    async close() {
      await stopSweeping();
      await close();
    },
  };
}
