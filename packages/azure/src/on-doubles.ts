import { CosmosClient } from '@azure/cosmos';
import {
  CosmosDouble,
  IdentityDouble,
  KeyVaultDouble,
  openEntraDoor,
  ServiceBusDouble,
  staleReads,
  type IdentityDoubleOptions,
  type QueueOptions,
} from '@zekt/azure-doubles';
import type { Clock } from '@zekt/core';
import { containerDefinition, databaseName, leaseContainerDefinition, queueDefinition, queueNames } from './layout.ts';

export interface Doubles {
  readonly cosmos: CosmosDouble;
  readonly serviceBus: ServiceBusDouble;
  readonly vault: KeyVaultDouble;
  /** What a host that shall use them finds in its environment. */
  readonly environment: { readonly Cosmos: string; readonly ServiceBus: string; readonly ZEKT_KEY_VAULT_URL: string };
  /** Where tokens come from; see `identityEnvironment`. */
  readonly identity: IdentityDouble | null;
  /** What a host finds that shall use them as a managed identity, as in Azure. Its process must trust `ca`; this one does. */
  readonly identityEnvironment: Readonly<Record<string, string>>;
  /** PEM. */
  readonly ca: string;
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
  /** With doors for tokens of a managed identity beside those for keys. */
  readonly identity?: IdentityDoubleOptions;
  /** Makes Cosmos DB's replicas lag and its physical partitions split, as this seed has it. Without it, neither. */
  readonly seed?: number;
}

/** A fifth of the reads comes from a replica that is up to four operations behind. */
const lagging = { share: 0.2, most: 4 };
/** Replicas of one region are together again after a moment. */
const staleForMs = 5000;
/** Changes after which a physical partition splits. */
const splitAfter = 60;

const minuteMs = 60_000;

/** Both doubles with the database, the containers and the queues that Zekt expects. */
export async function startDoubles(options: DoublesOptions = {}): Promise<Doubles> {
  const { clock, lockMs = 10_000, partitionCount = 1, cosmosPort = 0, serviceBusPort = 0, seed } = options;
  const identity = options.identity ? await IdentityDouble.ofProcess(options.identity) : null;
  const entra = identity && (await openEntraDoor(identity));
  const queue: QueueOptions = {
    requiresSession: queueDefinition.requiresSession,
    maxDeliveryCount: queueDefinition.maxDeliveryCount,
    duplicateWindowMs: 10 * minuteMs,
    lockMs,
  };
  const cosmos = await CosmosDouble.start({
    port: cosmosPort,
    partitionCount,
    ...(seed !== undefined && { splitAfter }),
    ...(entra && { entra }),
    ...(clock && { now: () => clock.now() }),
  });
  const serviceBus = await ServiceBusDouble.start({
    port: serviceBusPort,
    queues: Object.fromEntries(queueNames.map((name) => [name, queue])),
    ...(entra && { entra }),
    ...(clock && { clock }),
  });
  const vault = await KeyVaultDouble.start();
  const client = new CosmosClient({ endpoint: cosmos.endpoint, key: cosmos.key });
  const { database } = await client.databases.createIfNotExists({ id: databaseName });
  for (const definition of [containerDefinition, leaseContainerDefinition]) {
    await database.containers.createIfNotExists(definition);
  }
  client.dispose();
  if (seed !== undefined) {
    cosmos.lag = staleReads(seed, lagging);
    cosmos.staleForMs = staleForMs;
  }
  return {
    cosmos,
    serviceBus,
    vault,
    environment: {
      Cosmos: `AccountEndpoint=${cosmos.endpoint};AccountKey=${cosmos.key};`,
      ServiceBus: serviceBus.connectionString,
      ZEKT_KEY_VAULT_URL: vault.url,
    },
    identity,
    identityEnvironment: identity
      ? {
          ...identity.environment,
          Cosmos__accountEndpoint: cosmos.secureEndpoint,
          ServiceBus__fullyQualifiedNamespace: serviceBus.secureNamespace,
          ZEKT_KEY_VAULT_URL: vault.url,
        }
      : {},
    ca: entra?.ca ?? '',
    async stop() {
      await serviceBus.stop();
      await cosmos.stop();
      await vault.stop();
    },
  };
}
