import { ServiceBusClient, type ServiceBusReceivedMessage, type ServiceBusSessionReceiver } from '@azure/service-bus';
import type { Registration, RpcData, Worker } from './worker.ts';

const patienceMs = 3000;

/** Of host.json, `extensions.serviceBus`. */
export interface ServiceBusTriggerOptions {
  readonly maxConcurrentSessions: number;
  /** How long an empty session keeps its place. */
  readonly sessionIdleMs: number;
}

/**
 * What the worker gets of a message. Strings that look like numbers become numbers there, and the host lets string fields of a JSON body
 * overwrite metadata of the same name: both happen here as well.
 */
function metadataOf(message: ServiceBusReceivedMessage, text: string): Record<string, RpcData> {
  const metadata: Record<string, RpcData> = {
    MessageId: { string: String(message.messageId) },
    SessionId: { string: String(message.sessionId) },
    DeliveryCount: { int: (message.deliveryCount ?? 0) + 1 },
    EnqueuedTimeUtc: { string: message.enqueuedTimeUtc?.toISOString() ?? '' },
  };
  const body: unknown = JSON.parse(text);
  for (const [name, value] of Object.entries(body !== null && typeof body === 'object' ? body : {})) {
    const known = Object.keys(metadata).find((key) => key.toLowerCase() === name.toLowerCase());
    if (typeof value === 'string') metadata[known ?? name] = { string: value };
  }
  return metadata;
}

/** Calls a function for each message of its queue, session by session: completes what resolves, abandons what throws. What comes back stops it. */
export function runServiceBusTrigger(
  worker: Worker,
  { name, bindings }: Registration,
  connectionString: string,
  { maxConcurrentSessions, sessionIdleMs }: ServiceBusTriggerOptions,
): () => void {
  const trigger = Object.values(bindings).find(({ type }) => type === 'serviceBusTrigger');
  const queue = String(trigger?.queueName);
  const client = new ServiceBusClient(connectionString, { retryOptions: { maxRetries: 0, timeoutInMs: patienceMs } });
  let isStopped = false;

  let busy = 0;
  let isWaiting = false;

  /** One waits for a session; when it has one, the next waits. */
  const wait = (): void => {
    if (isStopped || isWaiting || busy >= maxConcurrentSessions) return;
    isWaiting = true;
    void client
      .acceptNextSession(queue)
      .catch(() => null)
      .then((session) => {
        isWaiting = false;
        if (session) {
          busy += 1;
          void work(session).finally(() => {
            busy -= 1;
            wait();
          });
        }
        wait();
      });
  };

  const work = async (session: ServiceBusSessionReceiver): Promise<void> => {
    try {
      while (!isStopped) {
        const [message] = await session.receiveMessages(1, { maxWaitTimeInMs: sessionIdleMs });
        if (!message) break;
        const text = JSON.stringify(message.body);
        const isDone = await worker.invoke(name, { string: text }, metadataOf(message, text)).then(
          () => true,
          () => false,
        );
        await (isDone ? session.completeMessage(message) : session.abandonMessage(message));
      }
    } catch {
      // The session is lost; its messages come again.
    } finally {
      await session.close().catch(() => undefined);
    }
  };
  wait();
  return () => {
    isStopped = true;
    void client.close().catch(() => undefined);
  };
}
