import { generateKeyPairSync } from 'node:crypto';
import { hostname } from 'node:os';
import type { ProviderTestAnswer } from '@zekt/contracts';
import { applyResources, manager, silentLog, type Secrets } from '@zekt/core';
import { ManualClock } from '@zekt/core/testing';
import { AddressGuard, createTransport, readExceptions } from '@zekt/egress';
import { openEmbedded } from '@zekt/embedded';
import { parseAllDocuments } from 'yaml';
import { createNotifications } from '../create-notifications.ts';
import { testProvider } from '../test-provider.ts';

/** What a page shows where a key would stand. */
const keyPlaceholder = '-----BEGIN PRIVATE KEY-----\n…\n-----END PRIVATE KEY-----\n';

/** Applies the example of a page about a provider, as `zekt apply` would, and rehearses what it would send. */
export async function tryExample(yaml: string): Promise<ProviderTestAnswer> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const realKey = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const escaped = (text: string): string => JSON.stringify(text).slice(1, -1);
  const text = yaml.replaceAll(escaped(keyPlaceholder), escaped(realKey));
  const resources = parseAllDocuments(text).map((it) => it.toJS() as { kind?: string; metadata: { name: string } });
  const clock = new ManualClock(Date.UTC(2031, 1, 3, 4, 5, 6));
  const embedded = openEmbedded(':memory:', clock);
  const { store } = embedded;
  const kept = new Map<string, string>();
  const secrets: Secrets = {
    get: async (name) => kept.get(name) ?? null,
    set: async (name, value) => void kept.set(name, value),
    remove: async (name) => void kept.delete(name),
    names: async () => [...kept.keys()],
  };
  const exceptions = readExceptions([]);
  const notifications = createNotifications({
    store,
    issuer: '',
    clock,
    secrets,
    transport: createTransport(exceptions),
    guard: new AddressGuard(exceptions),
    proxyFor: () => '',
    log: silentLog,
    count: () => undefined,
    retry: { scheduleMs: [], random: Math.random },
    dedupeWindowMs: 0,
  });
  const { putProvider: Provider, putAlert: Alert, putSecret: Secret, wantedSecrets } = notifications;
  const notHere = async (): Promise<never> => Promise.reject(new TypeError());
  const neighbours = { Provider, Alert, Secret, wantedSecrets, Channel: notHere, Identity: notHere };
  try {
    await applyResources(
      { store, github: null as never, issuer: '', nowMs: clock.now(), dryRun: false, neighbours },
      resources,
      manager,
    );
    const name = resources.find(({ kind }) => kind === 'Provider')?.metadata.name ?? '';
    return await testProvider(notifications, { namespace: 'default', name }, { dryRun: true });
  } finally {
    await embedded.close();
  }
}

/** Requests as a page shows them: what differs from time to time is named instead. */
export const wireText = ({ exchanges }: ProviderTestAnswer): string =>
  exchanges
    .map(({ method, url, headers, body }) =>
      [`${method} ${url}`, ...headers.map((it) => it.join(': ')), ...(body === null ? [] : ['', body.trimEnd()])].join(
        '\n',
      ),
    )
    .join('\n\n')
    .replaceAll(`"${hostname()}"`, '"<host>"')
    .replace(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g, '<uuid>')
    .replace(
      /(?<=[/=:"])(?!0{40})(?:[\da-f]{64}|[\da-f]{40}|[\da-f]{32}|[\da-f]{16})(?=["/?\n]|$)/g,
      (hex) => `<${hex.length} hex>`,
    )
    .replace(/(?<=provider\/[\w-]+\/)[\da-f]{8}|(?<=provider%2F[\w-]+%2F)[\da-f]{8}/g, '<uid>')
    .replace(/(?<="data":")[A-Za-z\d+/=]{100,}/, '<base64 of the event>')
    .replace(/"length":\d+/, '"length":<bytes>');
