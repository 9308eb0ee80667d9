import type { InvocationContext } from '@azure/functions';
import { ReturnLater } from '@zekt/azure';
import type { QueueName } from '@zekt/core';
import type { AppOpener } from './app.ts';
import { opened } from './cannot-start.ts';
import { handleMessage } from './handle-message.ts';

/** Works on a message that a queue's trigger has received. */
export type Work = (queue: QueueName, body: unknown, context: InvocationContext) => Promise<void>;

export function workerOf({ openApp }: Pick<AppOpener, 'openApp'>): Work {
  const returnLater = new ReturnLater({ environment: process.env });
  return async (queue, body, context) => {
    const open = () => opened(openApp, context);
    const traceparent = context.traceContext?.traceParent ?? null;
    const deliveryCount = Number(context.triggerMetadata?.deliveryCount ?? 1);
    await handleMessage({ queue, open, returnLater, traceparent }, body, deliveryCount);
  };
}
