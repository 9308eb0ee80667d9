import type { InvocationContext } from '@azure/functions';
import { ReturnLater } from '@zekt/azure';
import type { QueueName } from '@zekt/core';
import type { AppOpener } from './app.ts';
import { handleMessage } from './handle-message.ts';

/** Works on a message that a queue's trigger has received. */
export type Work = (queue: QueueName, body: unknown, context: InvocationContext) => Promise<void>;

export function workerOf({ openApp }: Pick<AppOpener, 'openApp'>): Work {
  const returnLater = new ReturnLater({ environment: process.env });
  return async (queue, body, context) => {
    const onCannotStart = (error: unknown): void =>
      context.error('the app can not start; the message comes again in a minute', error);
    const deliveryCount = Number(context.triggerMetadata?.deliveryCount ?? 1);
    await handleMessage({ queue, open: openApp, returnLater, onCannotStart }, body, deliveryCount);
  };
}
