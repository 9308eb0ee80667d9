import type { AddressGuard, Answer, Route } from '@zekt/egress';
import { canonicalJson } from '../event/notification-event.ts';
import { webhookNeeds, type ProviderConfig, type ProviderType } from './provider-type.ts';
import { once } from './request.ts';

/** Azure's own names: nobody else can make one of them point anywhere. */
const azureSuffixes = ['windows.net', 'chinacloudapi.cn', 'usgovcloudapi.net', 'cloudapi.de'].map(
  (cloud) => `.servicebus.${cloud}`,
);

type Hub =
  | { readonly kind: 'sas'; readonly host: string; readonly hub: string; readonly connectionString: string }
  | { readonly kind: 'jwt'; readonly host: string; readonly hub: string; readonly token: string };

const partOf = (connectionString: string, name: string): string =>
  new RegExp(`(?:^|;)\\s*${name}=([^;]*)`, 'i').exec(connectionString)?.[1]?.trim() ?? '';

/** A connection string with a shared access key; or the hub's name, its namespace as channel and a JWT that somebody else renews. */
function readHub({ address, channel, token }: ProviderConfig): Hub | string {
  if (address.includes('SharedAccessKey')) {
    if (token !== '') return 'token must not be given beside a connection string';
    const endpoint = URL.parse(partOf(address, 'Endpoint').replace(/^sb:/, 'http:'));
    const hub = partOf(address, 'EntityPath') || channel;
    if (!endpoint) return 'address must be a connection string with an Endpoint';
    if (hub === '') return 'address must end with ;EntityPath=<hub>, or channel must name the hub';
    return { kind: 'sas', host: endpoint.hostname, hub, connectionString: address };
  }
  if (channel === '') return "channel must be the hub's namespace";
  if (token === '') return 'token is missing: a JWT, or give a connection string as address';
  const host = channel.includes('.servicebus.') ? channel : `${channel}.servicebus.windows.net`;
  return { kind: 'jwt', host, hub: address, token };
}

/** One message, the event as JSON, over AMQP by Microsoft's own client. */
export const azureeventhub: ProviderType = {
  type: 'azureeventhub',
  needs: { ...webhookNeeds, channel: 'optional', token: 'optional', proxy: 'ignored', tls: 'ignored' },
  gate: 'messages',
  limits: [],
  taken: 'status',
  hasOwnAddress: true,
  problems(config) {
    const hub = readHub(config);
    return typeof hub === 'string' ? [hub] : [];
  },
  exchange(event, config) {
    const hub = readHub(config);
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

async function sendToHub(hub: Hub, body: string, guard: AddressGuard, { timeoutMs }: Route): Promise<Answer> {
  // The client dials by itself. Azure's names may lead to a private endpoint of one's own; any other host is one that the operator named.
  if (!azureSuffixes.some((suffix) => hub.host.endsWith(suffix))) guard.requireException(hub.host);
  const { EventHubProducerClient } = await import('@azure/event-hubs');
  const options = { retryOptions: { maxRetries: 0, timeoutInMs: timeoutMs } };
  const producer =
    hub.kind === 'sas'
      ? partOf(hub.connectionString, 'EntityPath') === ''
        ? new EventHubProducerClient(hub.connectionString, hub.hub, options)
        : new EventHubProducerClient(hub.connectionString, options)
      : new EventHubProducerClient(
          hub.host,
          hub.hub,
          { getToken: async () => ({ token: hub.token, expiresOnTimestamp: Date.now() + 3_600_000 }) },
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
