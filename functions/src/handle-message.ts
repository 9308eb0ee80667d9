import { fromWire, type AzureBus, type ReturnLater } from '@zekt/azure';
import type { Handler, Log, QueueName, Telemetry } from '@zekt/core';

export interface MessageHandling {
  readonly queue: QueueName;
  /** Fails while a setting is wrong or a secret can't be read. */
  readonly open: () => Promise<{
    readonly azure: { readonly bus: Pick<AzureBus, 'handleTriggered'> };
    readonly handlers: Readonly<Record<QueueName, Handler>>;
    readonly log: Log;
    readonly telemetry: Pick<Telemetry, 'below'>;
  }>;
  readonly returnLater: Pick<ReturnLater, 'send'>;
  /** Of the host's span for this message. */
  readonly traceparent: string | null;
}

/**
 * Works on what a queue's trigger has received. It resolves always: what must come again goes back as a copy with a time, also when the app
 * can't start. Only what is no message of Zekt's, and what has been given up, throws until the broker puts it into the dead-letter queue.
 *
 * @param deliveryCount as the broker counts: 1 at the first delivery
 */
export async function handleMessage(
  { queue, open, returnLater, traceparent }: MessageHandling,
  body: unknown,
  deliveryCount: number,
): Promise<void> {
  const parcel = fromWire(body);
  if (!parcel) throw new Error('This is not a message of Zekt.');
  const app = await open().catch(async (error: unknown) => {
    // On its way to the dead-letter queue already.
    if (parcel.condemned !== undefined) throw error;
    await returnLater.send(parcel);
    return null;
  });
  if (!app) return;
  const { azure, handlers, log, telemetry } = app;
  await telemetry.below(traceparent, () =>
    azure.bus.handleTriggered(parcel, deliveryCount, handlers[queue], (error, { id, deliveryCount: tries }) =>
      log.error(
        { queue, messageId: id, deliveryCount: tries, err: error },
        'a message could not be handled; it will be tried again',
      ),
    ),
  );
}
