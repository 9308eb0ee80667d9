import { hash } from 'node:crypto';
import { hostname } from 'node:os';
import { version } from '@zekt/contracts';
import { isError } from '../event/describe.ts';
import { canonicalJson, sortedEntries, wholeSeconds, type NotificationEvent } from '../event/notification-event.ts';
import { shorten } from '../event/shorten.ts';
import { memoise } from '../event/memoise.ts';
import { webhookNeeds, type ProviderConfig, type ProviderType, type WireRequest } from './provider-type.ts';
import { judgeWrite } from './read-answer.ts';
import { done, nothing, once } from './request.ts';

const sdk = { name: 'zekt', version };

/** Sentry cuts a longer message, and drops a longer tag ("Event Payloads", "Tags"). */
const most = { message: 8192, transaction: 200, tag: 200 };

interface Dsn {
  readonly endpoint: string;
  readonly publicKey: string;
  readonly secretKey: string;
}

/** `{scheme}://{public}[:{secret}]@{host}[:{port}][/{path}]/{project}`; null when it is none. */
const readDsn = memoise((text: string): Dsn | null => {
  const url = URL.parse(text);
  const [, path = '', project = ''] = /^(.*)\/([^/]+)$/.exec(url?.pathname ?? '') ?? [];
  if (!url || url.username === '' || project === '' || !['http:', 'https:'].includes(url.protocol)) return null;
  return {
    endpoint: `${url.protocol}//${url.host}${path}/api/${project}/envelope/`,
    publicKey: decodeURIComponent(url.username),
    secretKey: decodeURIComponent(url.password),
  };
});

/** An error becomes an event, an info a transaction without duration. The address is the DSN, the channel the environment. */
export const sentry: ProviderType = {
  type: 'sentry',
  needs: { ...webhookNeeds, channel: 'optional' },
  gate: 'messages',
  mostMetadata: 20_000,
  limits: [
    { of: 'message', most: most.message, unit: 'characters' },
    { of: 'title', most: most.transaction, unit: 'characters' },
    { of: 'tag', most: most.tag, unit: 'characters' },
  ],
  taken: 'noPage',
  hasOwnAddress: true,
  problems: ({ address }) => (readDsn(address) ? [] : ['address must be a DSN: https://KEY@HOST/PROJECT']),
  exchange(event, config, nowMs) {
    const dsn = readDsn(config.address);
    if (!dsn || event.severity === 'trace') return nothing(done);
    // The same event again is the same one for Sentry, too.
    const ids = hash('sha256', config.uid + canonicalJson(event));
    const payload = JSON.stringify(isError(event) ? errorEvent(event, config, ids) : transaction(event, config, ids));
    const lines = [
      JSON.stringify({ event_id: ids.slice(0, 32), sent_at: new Date(nowMs).toISOString(), dsn: config.address, sdk }),
      JSON.stringify({ type: isError(event) ? 'event' : 'transaction', length: Buffer.byteLength(payload) }),
      payload,
    ];
    const auth = [
      'Sentry sentry_version=7',
      `sentry_client=${sdk.name}/${sdk.version}`,
      `sentry_key=${dsn.publicKey}`,
      ...(dsn.secretKey === '' ? [] : [`sentry_secret=${dsn.secretKey}`]),
    ].join(', ');
    const request: WireRequest = {
      method: 'POST',
      url: dsn.endpoint,
      headers: [
        ['Content-Type', 'application/x-sentry-envelope'],
        ['X-Sentry-Auth', auth],
      ],
      body: lines.map((line) => `${line}\n`).join(''),
    };
    return once(request, judgeWrite);
  },
};

const cutter =
  (truncate: boolean) =>
  (text: string, limit: number): string =>
    truncate ? shorten(text, limit) : text;

const common = (event: NotificationEvent, { channel, truncate }: ProviderConfig, ids: string): object => {
  const cut = cutter(truncate);
  const { kind = '', namespace = '', name = '' } = event.involvedObject;
  return {
    event_id: ids.slice(0, 32),
    platform: 'node',
    release: `zekt@${sdk.version}`,
    sdk,
    ...(channel !== '' && { environment: channel }),
    message: cut(event.message, most.message),
    transaction: cut(`${kind}: ${namespace}/${name}`, most.transaction),
    timestamp: wholeSeconds(event.timestamp),
  };
};

function errorEvent(event: NotificationEvent, config: ProviderConfig, ids: string): object {
  return {
    ...common(event, config, ids),
    level: 'error',
    server_name: event.reportingController,
    contexts: { metadata: Object.fromEntries(sortedEntries(event.metadata)) },
  };
}

function transaction(event: NotificationEvent, config: ProviderConfig, ids: string): object {
  const { kind = '', namespace = '', name = '' } = event.involvedObject;
  const at = wholeSeconds(event.timestamp);
  const cut = cutter(config.truncate);
  const given = {
    flux_involved_object_kind: kind,
    flux_involved_object_namespace: namespace,
    flux_involved_object_name: name,
    flux_reporting_controller: event.reportingController,
    flux_reporting_instance: event.reportingInstance ?? '',
    flux_reason: event.reason,
    ...Object.fromEntries(sortedEntries(event.metadata)),
  };
  const tags = Object.fromEntries(
    Object.entries(given).map(([key, value]) => [cut(key, most.tag), cut(value, most.tag)]),
  );
  const trace = { trace_id: ids.slice(16, 48), span_id: ids.slice(48, 64), op: 'event' };
  return {
    ...common(event, config, ids),
    type: 'transaction',
    level: 'info',
    server_name: hostname(),
    start_timestamp: at,
    tags,
    contexts: { trace },
    spans: [{ ...trace, tags, start_timestamp: at, timestamp: at, origin: 'manual' }],
  };
}
