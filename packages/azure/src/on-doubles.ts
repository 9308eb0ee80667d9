import { CosmosClient } from '@azure/cosmos';
import { CosmosDouble, KeyVaultDouble, ServiceBusDouble, type QueueOptions } from '@zekt/azure-doubles';
import type { Clock } from '@zekt/core';
import { containerDefinition, databaseName, leaseContainerDefinition, queueDefinition, queueNames } from './layout.ts';

export interface Doubles {
  readonly cosmos: CosmosDouble;
  readonly serviceBus: ServiceBusDouble;
  readonly vault: KeyVaultDouble;
  /** What a host that shall use them finds in its environment. */
  readonly environment: { readonly Cosmos: string; readonly ServiceBus: string; readonly ZEKT_KEY_VAULT_URL: string };
  stop(): Promise<void>;
}

export interface DoublesOptions {
  /** For expiry, schedules and duplicates. Locks run on real time. */
  readonly clock?: Clock;
  /** @default 10000 */
  readonly lockMs?: number;
  /** Physical partitions of the store. @default 1 */
  readonly partitionCount?: number;
  readonly cosmosPort?: number;
  readonly serviceBusPort?: number;
}

const minuteMs = 60_000;

/** Both doubles with the database, the containers and the queues that Zekt expects. */
export async function startDoubles(options: DoublesOptions = {}): Promise<Doubles> {
  const { clock, lockMs = 10_000, partitionCount = 1, cosmosPort = 0, serviceBusPort = 0 } = options;
  const queue: QueueOptions = {
    requiresSession: queueDefinition.requiresSession,
    maxDeliveryCount: queueDefinition.maxDeliveryCount,
    duplicateWindowMs: 10 * minuteMs,
    lockMs,
  };
  const cosmos = await CosmosDouble.start({
    port: cosmosPort,
    partitionCount,
    ...(clock && { now: () => clock.now() }),
  });
  const serviceBus = await ServiceBusDouble.start({
    port: serviceBusPort,
    queues: Object.fromEntries(queueNames.map((name) => [name, queue])),
    ...(clock && { clock }),
  });
  const vault = await KeyVaultDouble.start();
  const client = new CosmosClient({ endpoint: cosmos.endpoint, key: cosmos.key });
  const { database } = await client.databases.createIfNotExists({ id: databaseName });
  for (const definition of [containerDefinition, leaseContainerDefinition]) {
    await database.containers.createIfNotExists(definition);
  }
  client.dispose();
  return {
    cosmos,
    serviceBus,
    vault,
    environment: {
      Cosmos: `AccountEndpoint=${cosmos.endpoint};AccountKey=${cosmos.key};`,
      ServiceBus: serviceBus.connectionString,
      ZEKT_KEY_VAULT_URL: vault.url,
    },
    async stop() {
      await serviceBus.stop();
      await cosmos.stop();
      await vault.stop();
    },
  };
}
