import { app } from '@azure/functions';
import type { QueueName } from '@zekt/core';
import { loadParts } from './load-parts.ts';

/** The name of the connection in the app's settings. */
export const serviceBusConnection = 'ServiceBus';

/** A function that works on a queue. */
export function onQueue(queue: QueueName): void {
  app.serviceBusQueue(queue, {
    connection: serviceBusConnection,
    queueName: queue,
    isSessionsEnabled: true,
    handler: async (body, context) => (await loadParts()).work(queue, body, context),
  });
}
