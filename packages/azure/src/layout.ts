import { queues, type QueueName } from '@zekt/core';

/** What the code expects to find in Azure. `bicep/` makes the same; a test compares them. */
export const databaseName = 'zekt';
export const containerName = 'state';
/** Where the outbox relay keeps its place in the change feed. */
export const leaseContainerName = 'leases';

/**
 * One container for everything: a batch is atomic only within a partition of one container. Only what lists sort by and what finds a
 * forgotten outbox entry is indexed; contents are not, which makes every write cheaper.
 */
export const containerDefinition = {
  id: containerName,
  partitionKey: { paths: ['/pk'] },
  /** Documents live for ever unless they say otherwise. */
  defaultTtl: -1,
  indexingPolicy: {
    includedPaths: [{ path: '/key/?' }, { path: '/outboxAt/?' }],
    excludedPaths: [{ path: '/*' }],
  },
};

export const leaseContainerDefinition = { id: leaseContainerName, partitionKey: { paths: ['/id'] } };

/** Every queue is a session queue. Times as ISO 8601 durations, as Bicep wants them. */
export const queueDefinition = {
  requiresSession: true,
  /** Renewed for as long as a handler works. */
  lockDuration: 'PT1M',
  maxDeliveryCount: 10,
  requiresDuplicateDetection: true,
  duplicateDetectionHistoryTimeWindow: 'PT10M',
} as const;

export const queueNames: readonly QueueName[] = queues;
