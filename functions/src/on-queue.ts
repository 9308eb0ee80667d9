import { app, type InvocationContext } from '@azure/functions';
import { ReturnLater } from '@zekt/azure';
import type { QueueName } from '@zekt/core';
import { openApp } from './app.ts';
import { handleMessage } from './handle-message.ts';

/** The name of the connection in the app's settings. */
export const serviceBusConnection = 'ServiceBus';

const returnLater = new ReturnLater({ environment: process.env });

/** A function that works on a queue. */
export function onQueue(queue: QueueName): void {
  app.serviceBusQueue(queue, {
    connection: serviceBusConnection,
    queueName: queue,
    isSessionsEnabled: true,
    handler: async (body: unknown, context: InvocationContext) => {
      const onCannotStart = (error: unknown): void =>
        context.error('the app can not start; the message comes again in a minute', error);
      const deliveryCount = Number(context.triggerMetadata?.deliveryCount ?? 1);
      await handleMessage({ queue, open: openApp, returnLater, onCannotStart }, body, deliveryCount);
    },
  });
}
