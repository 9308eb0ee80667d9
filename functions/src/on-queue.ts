import { app, type InvocationContext } from '@azure/functions';
import { fromWire } from '@zekt/azure';
import type { QueueName } from '@zekt/core';
import { openApp } from './app.ts';

/** The name of the connection in the app's settings. */
export const serviceBusConnection = 'ServiceBus';

/**
 * A function that works on a queue. It completes what it was given, always: what must come again goes back as a copy with a time. Only
 * what is no message of Zekt's, and what has been given up, throws until the broker puts it into the dead-letter queue.
 */
export function onQueue(queue: QueueName): void {
  app.serviceBusQueue(queue, {
    connection: serviceBusConnection,
    queueName: queue,
    isSessionsEnabled: true,
    handler: async (body: unknown, context: InvocationContext) => {
      const parcel = fromWire(body);
      if (!parcel) throw new Error('This is not a message of Zekt.');
      const { azure, handlers, log } = await openApp();
      const deliveryCount = Number(context.triggerMetadata?.deliveryCount ?? 1);
      await azure.bus.handleTriggered(parcel, deliveryCount, handlers[queue], (error, { id, deliveryCount: tries }) =>
        log.error(
          { queue, messageId: id, deliveryCount: tries, err: error },
          'a message could not be handled; it will be tried again',
        ),
      );
    },
  });
}
