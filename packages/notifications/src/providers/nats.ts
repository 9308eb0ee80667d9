import type { NatsConnection } from '@nats-io/transport-node';
import type { AddressGuard, Answer, Route } from '@zekt/egress';
import { ForbiddenAddressError } from '@zekt/egress';
import { canonicalJson } from '../event/notification-event.ts';
import { webhookNeeds, type ProviderConfig, type ProviderType } from './provider-type.ts';
import { once } from './request.ts';

const defaultPort = 4222;

const readAddress = (address: string): URL | null => {
  const url = URL.parse(/^\w+:\/\//.test(address) ? address : `nats://${address}`);
  return url && ['nats:', 'tls:'].includes(url.protocol) && url.hostname !== '' ? url : null;
};

/** The event as JSON to a subject; the secret holds `creds`, `nkey`, or user name and password. */
export const nats: ProviderType = {
  type: 'nats',
  needs: {
    ...webhookNeeds,
    channel: 'required',
    username: 'optional',
    password: 'optional',
    token: 'ignored',
    proxy: 'ignored',
  },
  gate: 'messages',
  limits: [],
  taken: 'receipt',
  hasOwnAddress: true,
  problems: ({ address, channel }) => [
    ...(readAddress(address) ? [] : ['address must be nats://host:port or tls://host:port']),
    ...(/^[^\s.*>]+(?:\.[^\s.*>]+)*$/.test(channel) ? [] : ['channel must be a subject without wildcards']),
  ],
  exchange(event, config) {
    const body = canonicalJson(event);
    const url = readAddress(config.address);
    return once({
      method: 'PUB',
      url: `${url?.protocol ?? 'nats:'}//${url?.host ?? ''}/${config.channel}`,
      headers: [],
      body,
      via: (guard, route) => publish(config, body, guard, route),
    });
  },
};

/** Connects, publishes, waits until the server has it, and goes. */
async function publish(config: ProviderConfig, body: string, guard: AddressGuard, route: Route): Promise<Answer> {
  const url = readAddress(config.address);
  if (!url) return { status: 400, headers: {}, text: 'the address is no address of a NATS server' };
  let connection: NatsConnection | null = null;
  try {
    connection = await open(config, url, guard, route);
    connection.publish(config.channel, body);
    // The server has it when it answers what came after it; how the connection ends then is of no matter.
    await within(route.timeoutMs, connection.flush());
    return { status: 200, headers: {}, text: '' };
  } catch (error) {
    if (error instanceof ForbiddenAddressError) throw error;
    const { name, message } = error as Error;
    const isRefused = name === 'AuthorizationError' || /authorization|permissions/i.test(message);
    return { status: isRefused ? 401 : 503, headers: {}, text: `${name}: ${message}` };
  } finally {
    void connection?.close().catch(() => undefined);
  }
}

async function open(config: ProviderConfig, url: URL, guard: AddressGuard, route: Route): Promise<NatsConnection> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const { connect } = await import('@nats-io/transport-node');
  // The address that was checked is the one that is dialled.
  const address = await guard.resolve(host);
  const wantsTls = url.protocol === 'tls:' || route.tls !== undefined;
  return connect({
    servers: `${address.includes(':') ? `[${address}]` : address}:${url.port || defaultPort}`,
    timeout: route.timeoutMs,
    reconnect: false,
    maxReconnectAttempts: 0,
    ignoreClusterUpdates: true,
    name: 'zekt',
    ...(await authenticatorOf(config, url)),
    ...(wantsTls && { tls: { ...route.tls, servername: host } as object }),
  });
}

/** The client waits for minutes. */
async function within<T>(timeoutMs: number, promise: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs / 1000} s`)), timeoutMs);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function authenticatorOf({ extra, username, password }: ProviderConfig, url: URL): Promise<object> {
  const { credsAuthenticator, nkeyAuthenticator } = await import('@nats-io/transport-node');
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  // Its end is found by the end of its last line.
  if (extra.creds !== undefined) return { authenticator: credsAuthenticator(bytes(`${extra.creds.trim()}\n`)) };
  if (extra.nkey !== undefined) return { authenticator: nkeyAuthenticator(bytes(extra.nkey.trim())) };
  const user = username || decodeURIComponent(url.username);
  return user === '' ? {} : { user, pass: password || decodeURIComponent(url.password) };
}
