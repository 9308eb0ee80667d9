import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ServiceBusClient } from '@azure/service-bus';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { encodeAccount, encodeOperator, encodeUser, fmtCreds } from '@nats-io/jwt';
import { createAccount, createOperator, createUser } from '@nats-io/nkeys';
import { connect, nkeyAuthenticator, type ConnectionOptions, type NatsConnection } from '@nats-io/transport-node';
import { ServiceBusDouble } from '@zekt/azure-doubles';
import { AddressGuard, createTransport, readExceptions, type Exceptions, type Route } from '@zekt/egress';
import { createAuthority } from '@zekt/egress/testing';
import type { NotificationEvent } from '../event/notification-event.ts';
import { canonical, config, error, info, nowMs } from '../testing/play.ts';
import type { ProviderConfig } from '../providers/provider-type.ts';
import { providerTypes } from '../providers/table.ts';
import { sendEvent } from '../sending/send-event.ts';
import { startPeer, type Peer } from '../testing/start-peer.ts';

// Servers that somebody else wrote say whether what we send is what they take.

const here = readExceptions(['127.0.0.1', 'localhost']);

async function send(
  event: NotificationEvent,
  settings: ProviderConfig,
  route: Partial<Route> = {},
  exceptions: Exceptions = here,
) {
  const type = providerTypes.get(settings.type);
  if (!type) throw new Error(settings.type);
  const tools = {
    clock: { now: () => nowMs },
    guard: new AddressGuard(exceptions),
    transport: createTransport(exceptions),
  };
  return sendEvent(tools, { type, config: settings, route: { timeoutMs: 60_000, ...route } }, event);
}

describe("NATS' own server", () => {
  const password = 'a password that is no number';
  let server: Peer | null = null;
  let listener: NatsConnection | null = null;

  afterEach(async () => {
    await listener?.close();
    await server?.stop();
    [listener, server] = [null, null];
  });

  /** Starts a server, and listens to what comes. */
  async function open(
    makeConfig: (directory: string) => string | Promise<string>,
    listenAs: Omit<ConnectionOptions, 'servers'>,
  ): Promise<{ url: string; next: () => Promise<string> }> {
    server = await startPeer('nats-server', async (port, directory) => {
      const file = join(directory, 'nats.conf');
      await writeFile(file, `listen: "127.0.0.1:${port}"\n${await makeConfig(directory)}`);
      return ['-c', file];
    });
    listener = await connect({ servers: `127.0.0.1:${server.port}`, timeout: 60_000, ...listenAs });
    const messages = listener.subscribe('zekt.releases')[Symbol.asyncIterator]();
    await listener.flush();
    return {
      url: `nats://localhost:${server.port}`,
      async next() {
        const { value } = (await messages.next()) as { value: { string(): string } };
        return value.string();
      },
    };
  }

  test('takes the event, with user name and password', async () => {
    const users = `authorization { user: "zekt", password: "${password}" }`;
    const { url, next } = await open(() => users, { user: 'zekt', pass: password });
    const settings = config('nats', { address: url, channel: 'zekt.releases', username: 'zekt', password });
    expect((await send(info, settings)).verdict).toEqual({ kind: 'done' });
    expect(await next()).toBe(canonical.info);
    expect((await send(error, settings)).verdict).toEqual({ kind: 'done' });
    expect(await next()).toBe(canonical.error);
    const wrong = await send(info, { ...settings, password: 'wrong' });
    expect(wrong).toMatchObject({ verdict: { kind: 'refused' }, status: 401 });
  });

  test('takes it with an nkey', async () => {
    const user = createUser();
    const seed = new TextDecoder().decode(user.getSeed());
    const { url, next } = await open(() => `authorization { users: [{ nkey: "${user.getPublicKey()}" }] }`, {
      authenticator: nkeyAuthenticator(user.getSeed()),
    });
    // The nkey is stronger than a user name.
    const settings = config('nats', {
      address: url,
      channel: 'zekt.releases',
      username: 'u',
      extra: { nkey: `${seed}\n` },
    });
    expect((await send(info, settings)).verdict).toEqual({ kind: 'done' });
    expect(await next()).toBe(canonical.info);
  });

  test('takes it with credentials of an account', async () => {
    const unlimited = {
      subs: -1,
      data: -1,
      payload: -1,
      conn: -1,
      leaf: -1,
      imports: -1,
      exports: -1,
      wildcards: true,
    };
    const [operator, account, user] = [createOperator(), createAccount(), createUser()];
    const accountJwt = await encodeAccount('acme', account, { limits: unlimited }, { signer: operator });
    const creds = new TextDecoder().decode(fmtCreds(await encodeUser('zekt', user, account), user));
    const operatorJwt = await encodeOperator('op', operator);
    const { credsAuthenticator } = await import('@nats-io/transport-node');
    const { url, next } = await open(
      () =>
        `operator: "${operatorJwt}"\nresolver: MEMORY\nresolver_preload: { ${account.getPublicKey()}: "${accountJwt}" }`,
      { authenticator: credsAuthenticator(new TextEncoder().encode(creds)) },
    );
    const settings = config('nats', { address: url, channel: 'zekt.releases', extra: { creds, nkey: 'ignored' } });
    expect((await send(info, settings)).verdict).toEqual({ kind: 'done' });
    expect(await next()).toBe(canonical.info);
  });

  test('takes it encrypted, if its authority is known', async () => {
    const authority = await createAuthority('Zekt tests');
    const { cert, key } = await authority.issue('localhost');
    const { url, next } = await open(
      async (directory) => {
        await writeFile(join(directory, 'cert.pem'), cert);
        await writeFile(join(directory, 'key.pem'), key);
        return `tls { cert_file: "${directory}/cert.pem", key_file: "${directory}/key.pem" }`;
      },
      { tls: { ca: authority.ca } },
    );
    const settings = config('nats', { address: url.replace('nats:', 'tls:'), channel: 'zekt.releases' });
    expect((await send(info, settings, { tls: { ca: authority.ca } })).verdict).toEqual({ kind: 'done' });
    expect(await next()).toBe(canonical.info);
    expect((await send(info, settings)).verdict).toMatchObject({ kind: 'again' });
  });

  test('is not dialled at a private address', async () => {
    const { url } = await open(() => '', {});
    const sent = await send(info, config('nats', { address: url, channel: 'zekt.releases' }), {}, readExceptions([]));
    expect(sent.verdict).toEqual({
      kind: 'refused',
      reason: "the host 'localhost' is a private or reserved address; the operator can allow it with ZEKT_EGRESS_ALLOW",
    });
  });

  test('that is not there may come', async () => {
    const settings = config('nats', { address: 'nats://127.0.0.1:1', channel: 'zekt.releases' });
    expect((await send(info, settings)).verdict).toMatchObject({ kind: 'again' });
  });
});

describe("Prometheus' own Alertmanager", () => {
  let server: Peer;

  beforeAll(async () => {
    server = await startPeer('prometheus-alertmanager', async (port, directory) => {
      const file = join(directory, 'alertmanager.yml');
      await writeFile(file, 'route: { receiver: nobody }\nreceivers: [{ name: nobody }]\n');
      return [
        `--config.file=${file}`,
        `--storage.path=${directory}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--cluster.listen-address=',
      ];
    });
  });
  afterAll(() => server.stop());

  test('takes the alert', async () => {
    const now = new Date().toISOString();
    const settings = config('alertmanager', { address: `http://127.0.0.1:${server.port}/api/v2/alerts/` });
    expect((await send({ ...error, timestamp: now }, settings)).verdict).toEqual({ kind: 'done' });
    const alerts = (await (await fetch(`http://127.0.0.1:${server.port}/api/v2/alerts`)).json()) as {
      labels: Record<string, string>;
      annotations: Record<string, string>;
      startsAt: string;
      status: { state: string };
    }[];
    expect(alerts).toMatchObject([
      {
        labels: {
          alertname: 'FluxHelmReleaseUpgradefailed',
          env: 'prod',
          kind: 'HelmRelease',
          name: 'shop',
          namespace: 'retail',
          reason: 'UpgradeFailed',
          reportingcontroller: 'helm-controller',
          revision: '6.2.0',
          severity: 'error',
        },
        annotations: { message: 'Upgrade failed: timed out' },
        startsAt: now.replace(/\.\d+Z$/, '.000Z'),
        status: { state: 'active' },
      },
    ]);
  });

  test('says what it does not take', async () => {
    const settings = config('alertmanager', { address: `http://127.0.0.1:${server.port}/api/v2/alerts/` });
    const sent = await send({ ...error, metadata: { 'not-a-label': 'x' } }, settings);
    expect(sent.verdict).toMatchObject({ kind: 'refused', reason: expect.stringContaining('It answered 400') });
  });
});

describe("Microsoft's client for Event Hubs, with a broker on loopback", () => {
  let broker: ServiceBusDouble;
  beforeAll(async () => {
    broker = await ServiceBusDouble.start({ queues: { releases: {} } });
  });
  afterAll(() => broker.stop());

  async function received(): Promise<unknown> {
    const client = new ServiceBusClient(broker.connectionString);
    try {
      const [message] = await client
        .createReceiver('releases', { receiveMode: 'receiveAndDelete' })
        .receiveMessages(1, { maxWaitTimeInMs: 10_000 });
      return Buffer.isBuffer(message?.body) ? message.body.toString('utf8') : (message?.body as unknown);
    } finally {
      await client.close();
    }
  }

  test.each([
    ['info', info, canonical.info],
    ['error', error, canonical.error],
  ] as const)('%s: one message, the event as JSON, by shared access key', async (_, event, json) => {
    const settings = config('azureeventhub', { address: `${broker.connectionString}EntityPath=releases` });
    expect((await send(event, settings)).verdict).toEqual({ kind: 'done' });
    // The broker's client reads JSON where it finds some.
    expect(await received()).toEqual(JSON.parse(json));
  });

  test('the hub may be the channel, and a broker elsewhere must be allowed', async () => {
    const settings = config('azureeventhub', { address: broker.connectionString, channel: 'releases' });
    expect((await send(info, settings, {}, readExceptions([]))).verdict).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('private or reserved address'),
    });
    expect((await send(info, settings)).verdict).toEqual({ kind: 'done' });
    expect(await received()).toEqual(JSON.parse(canonical.info));
  });

  test('a hub that is not there', async () => {
    const settings = config('azureeventhub', { address: `${broker.connectionString}EntityPath=nothing` });
    expect((await send(info, settings)).verdict).toMatchObject({ kind: 'refused' });
  });
});
