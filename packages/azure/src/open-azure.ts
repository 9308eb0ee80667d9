import type { CosmosClient, CosmosClientOptions } from '@azure/cosmos';
import type { RetryOptions } from '@azure/service-bus';
import { systemClock, type Clock, type Log, type Secrets } from '@zekt/core';
import { AzureBus } from './azure-bus.ts';
import { CosmosStore } from './cosmos-store.ts';
import { credentialOf } from './credential-of.ts';
import { JournalWriter } from './journal-writer.ts';
import { containerName, databaseName } from './layout.ts';
import { openServiceBus } from './open-service-bus.ts';
import { Outbox } from './outbox.ts';
import { isLoopback, type AzureSettings } from './settings.ts';
import { noVault, openVaultSecrets } from './vault-secrets.ts';
import { within } from './within.ts';

export interface Azure {
  readonly store: CosmosStore;
  readonly bus: AzureBus;
  readonly outbox: Outbox;
  readonly secrets: Secrets;
  /** Finishes what is under way, then closes the connections. Stop the consumers first. */
  readonly close: () => Promise<void>;
}

/** How long to ask for the next session before asking again, and so how long a stop may take; an emulator is quick to ask. */
const acceptRetries = ({ serviceBus }: AzureSettings): RetryOptions => ({
  maxRetries: 0,
  timeoutInMs: 'connectionString' in serviceBus ? 500 : 5000,
});
/** A storm of 429 is waited out as Cosmos DB asks, for this long. */
const throttleRetries = { maxRetryAttemptCount: 12, fixedRetryIntervalInMilliseconds: 0, maxWaitTimeInSeconds: 20 };
/** What is not published by then is in the outbox for others. */
const closeLimitMs = 5000;

/**
 * Store and bus in Azure: with an emulator's key on loopback, with Entra ID everywhere else. The SDKs are loaded here and not with the
 * module, so that a host that fails on its settings says so at once.
 */
export async function openAzure(settings: AzureSettings, log: Log, clock: Clock = systemClock): Promise<Azure> {
  const cosmos = await openCosmos(settings);
  const client = await openServiceBus(settings);
  const acceptClient = await openServiceBus(settings, acceptRetries(settings));
  const container = cosmos.database(databaseName).container(containerName);
  const store: CosmosStore = new CosmosStore(container, clock, (item) => outbox.announce(item));
  const journal = new JournalWriter({ store, clock });
  const bus = new AzureBus({ client, acceptClient, store, journal, clock, log });
  const outbox: Outbox = new Outbox({ container, send: (parcels) => bus.send(parcels), clock, log });
  return {
    store,
    bus,
    outbox,
    secrets: await openSecrets(settings),
    async close() {
      await within(closeLimitMs, outbox.settled(), 'the bus did not answer in time').catch(() => undefined);
      await Promise.all([client.close(), acceptClient.close()]);
      cosmos.dispose();
    },
  };
}

async function openCosmos(settings: AzureSettings): Promise<CosmosClient> {
  const { CosmosClient } = await import('@azure/cosmos');
  const { endpoint, key } = settings.cosmos;
  const options: CosmosClientOptions = {
    endpoint,
    // Said here, or the SDK sends no session token with any request, and this process may not see what it wrote itself.
    consistencyLevel: 'Session',
    connectionPolicy: { requestTimeout: 10_000, retryOptions: throttleRetries },
  };
  if (key !== null) return new CosmosClient({ ...options, key });
  return new CosmosClient({ ...options, aadCredentials: await credentialOf(settings) });
}

async function openSecrets(settings: AzureSettings): Promise<Secrets> {
  const { vaultUrl: url } = settings;
  if (url === null) return noVault;
  return openVaultSecrets({ url, credential: isLoopback(url) ? null : await credentialOf(settings) });
}
