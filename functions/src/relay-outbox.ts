import { app, type InvocationContext } from '@azure/functions';
import { containerName, databaseName, leaseContainerName } from '@zekt/azure';
import { loadParts } from './load-parts.ts';

/**
 * Publishes what a commit left in its outbox. An entry that can't be published is left to the sweep; it fails as a whole only while the app
 * can't start, and without a retry the change feed would then go on past what nobody has looked at.
 */
app.cosmosDB('relayOutbox', {
  connection: 'Cosmos',
  databaseName,
  containerName,
  leaseContainerName,
  createLeaseContainerIfNotExists: false,
  feedPollDelay: 2000,
  maxItemsPerInvocation: 100,
  retry: {
    strategy: 'exponentialBackoff',
    maxRetryCount: -1,
    minimumInterval: { seconds: 1 },
    maximumInterval: { minutes: 1 },
  },
  handler: async (documents: unknown[], context: InvocationContext) => (await loadParts()).relay(documents, context),
});
