import { app } from '@azure/functions';
import { containerName, databaseName, leaseContainerName } from '@zekt/azure';
import { openApp } from './app.ts';

/** Publishes what a commit left in its outbox. Without a retry the change feed would go on past what has failed. */
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
  handler: async (documents: unknown[]) => {
    const { azure } = await openApp();
    await azure.outbox.relay(documents);
  },
});
