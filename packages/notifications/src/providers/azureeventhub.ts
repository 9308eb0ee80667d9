import type { AddressGuard, Answer, Route } from '@zekt/egress';
import { canonicalJson } from '../event/notification-event.ts';
import { isAzureHost, readHubAddress, type HubAddress } from './event-hub-address.ts';
import { webhookNeeds, type ProviderType } from './provider-type.ts';
import { once } from './request.ts';

/** One message, the event as JSON, over AMQP by Microsoft's own client. */
export const azureeventhub: ProviderType = {
  type: 'azureeventhub',
  needs: { ...webhookNeeds, channel: 'optional', token: 'optional', proxy: 'ignored', tls: 'ignored' },
  gate: 'messages',
  limits: [],
  taken: 'receipt',
  hasOwnAddress: true,
  problems(config) {
    const hub = readHubAddress(config);
    return typeof hub === 'string' ? [hub] : [];
  },
  exchange(event, config) {
    const hub = readHubAddress(config);
    if (typeof hub === 'string') throw new TypeError(hub);
    const body = canonicalJson(event);
    return once({
      method: 'AMQP',
      url: `amqps://${hub.host}/${hub.hub}`,
      headers: [],
      body,
      via: (guard, route) => sendToHub(hub, body, guard, route),
    });
  },
};

async function sendToHub(
  { host, hub, access }: HubAddress,
  body: string,
  guard: AddressGuard,
  { timeoutMs }: Route,
): Promise<Answer> {
  // The client dials by itself. Azure's names may lead to a private endpoint of one's own; any other host is one that the operator named.
  const isEmulator = access.kind === 'sas' && access.isEmulator;
  if (isEmulator || !isAzureHost(host)) guard.requireException(host);
  const { EventHubProducerClient } = await import('@azure/event-hubs');
  const options = { retryOptions: { maxRetries: 0, timeoutInMs: timeoutMs } };
  const producer =
    access.kind === 'sas'
      ? new EventHubProducerClient(access.connectionString, hub, options)
      : new EventHubProducerClient(
          host,
          hub,
          { getToken: async () => ({ token: access.token, expiresOnTimestamp: Date.now() + 3_600_000 }) },
          options,
        );
  try {
    await producer.sendBatch([{ body: Buffer.from(body) }], { abortSignal: AbortSignal.timeout(timeoutMs) });
    return { status: 201, headers: {}, text: '' };
  } catch (error) {
    return answerOf(error);
  } finally {
    await producer.close().catch(() => undefined);
  }
}

const statusOfCode: Readonly<Record<string, number>> = {
  UnauthorizedError: 401,
  MessagingEntityNotFoundError: 404,
  MessagingEntityDisabledError: 403,
  MessageTooLargeError: 413,
  ServerBusyError: 429,
  QuotaExceededError: 429,
};

/** The client's own codes as the statuses that mean the same; what is not known may pass. */
function answerOf(error: unknown): Answer {
  const { code = '', message = '' } = error as { code?: string; message?: string };
  return { status: statusOfCode[code] ?? 503, headers: {}, text: `${code}: ${message}` };
}
