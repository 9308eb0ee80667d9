import { createHmac, randomUUID } from 'node:crypto';
import { webhookSecret } from './parity-world.ts';

/** What a case is made of anew for each door, so that none is a duplicate of another's. */
export interface Fresh {
  readonly token: string;
  readonly runId: string;
}

type Headers = readonly (readonly [name: string, value: string])[];

export interface Case {
  readonly name: string;
  readonly bytes: (fresh: Fresh) => Buffer;
  readonly isHead?: boolean;
}

const webhooks = '/api/github/webhooks';
const events = '/api/events/receive';
const ping = Buffer.from('{"zen":"Keep it logically awesome."}');

const sign = (body: Uint8Array): string => `sha256=${createHmac('sha256', webhookSecret).update(body).digest('hex')}`;

/** Head and body of a request that ends its connection. */
function request(start: string, headers: Headers, body: Uint8Array | string = ''): Buffer {
  const lines = [...headers, ['connection', 'close']].map(([name, value]) => `${name}: ${value}`);
  return Buffer.concat([Buffer.from(`${[start, ...lines].join('\r\n')}\r\n\r\n`, 'latin1'), Buffer.from(body)]);
}

const host: Headers = [['host', 'zekt.example']];
const lengthOf = (body: Uint8Array): Headers => [['content-length', String(body.byteLength)]];
const chunked: Headers = [['transfer-encoding', 'chunked']];

function inChunks(body: Uint8Array, size: number): Buffer {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < body.byteLength; at += size) {
    const part = body.subarray(at, at + size);
    parts.push(Buffer.from(`${part.byteLength.toString(16)}\r\n`), part, Buffer.from('\r\n'));
  }
  return Buffer.concat([...parts, Buffer.from('0\r\n\r\n')]);
}

interface WebhookChanges {
  readonly start?: string;
  readonly host?: Headers;
  readonly body?: Uint8Array;
  readonly event?: Headers;
  readonly guid?: string;
  readonly signature?: Headers;
  readonly length?: Headers;
  readonly more?: Headers;
  readonly sent?: Uint8Array;
}

function webhook(changes: WebhookChanges = {}): Buffer {
  const { body = ping } = changes;
  const headers: Headers = [
    ...(changes.host ?? host),
    ...(changes.event ?? [['x-github-event', 'ping']]),
    ['x-github-delivery', changes.guid ?? randomUUID()],
    ...(changes.signature ?? [['x-hub-signature-256', sign(body)]]),
    ...(changes.length ?? lengthOf(body)),
    ...(changes.more ?? []),
  ];
  return request(changes.start ?? `POST ${webhooks} HTTP/1.1`, headers, changes.sent ?? body);
}

const runWebhook = ({ runId }: Fresh): Buffer =>
  Buffer.from(
    JSON.stringify({
      action: 'requested',
      workflow_run: { id: Number(runId) },
      repository: { id: 101, full_name: 'acme/requests', owner: { id: 1 } },
    }),
  );

const messageOf = ({ runId }: Fresh, changes: object = {}): Buffer =>
  Buffer.from(
    JSON.stringify({ eventType: 'ordered', repository: 'acme/requests', workflowRunId: runId, payload: 1, ...changes }),
  );

const bearer = ({ token }: Fresh): Headers => [['authorization', `Bearer ${token}`]];

const message = (fresh: Fresh, body = messageOf(fresh), more: Headers = []): Buffer =>
  request(`POST ${events} HTTP/1.1`, [...host, ...bearer(fresh), ...lengthOf(body), ...more], body);

const large = Buffer.alloc(1_100_000, 0x20);
const tooLong = 25 * 1024 * 1024 + 1;

export const cases: readonly Case[] = [
  { name: 'a ping', bytes: () => webhook() },
  {
    name: 'a run',
    bytes: (fresh) => webhook({ body: runWebhook(fresh), event: [['x-github-event', 'workflow_run']] }),
  },
  {
    name: 'a run without an id',
    bytes: () => webhook({ body: Buffer.from('{"workflow_run":{}}'), event: [['x-github-event', 'workflow_run']] }),
  },
  { name: 'a body in chunks', bytes: () => webhook({ length: chunked, sent: inChunks(ping, 7) }) },
  { name: 'a body of nothing', bytes: () => webhook({ body: Buffer.alloc(0) }) },
  { name: 'no body', bytes: () => webhook({ length: [], sent: Buffer.alloc(0) }) },
  { name: 'no signature', bytes: () => webhook({ signature: [] }) },
  { name: 'a signature of another body', bytes: () => webhook({ signature: [['x-hub-signature-256', sign(large)]] }) },
  {
    name: 'the signature twice',
    bytes: () =>
      webhook({
        signature: [
          ['x-hub-signature-256', sign(ping)],
          ['X-Hub-Signature-256', sign(ping)],
        ],
      }),
  },
  {
    name: 'two events',
    bytes: () =>
      webhook({
        event: [
          ['x-github-event', 'ping'],
          ['x-github-event', 'push'],
        ],
      }),
  },
  { name: 'no event', bytes: () => webhook({ event: [] }) },
  { name: 'an event that is no ASCII', bytes: () => webhook({ event: [['x-github-event', 'p\u00efng']] }) },
  { name: 'a delivery that is no id', bytes: () => webhook({ guid: 'a/../b' }) },
  { name: 'a byte order mark', bytes: () => webhook({ body: Buffer.from([0xef, 0xbb, 0xbf, 0x7b, 0x7d]) }) },
  { name: 'invalid UTF-8', bytes: () => webhook({ body: Buffer.from([0x22, 0xff, 0xfe, 0x22]) }) },
  { name: 'broken JSON', bytes: () => webhook({ body: Buffer.from('{"a":') }) },
  {
    name: 'a length beyond the limit, nothing sent',
    bytes: () => webhook({ length: [['content-length', `${tooLong}`]] }),
  },
  { name: 'two lengths', bytes: () => webhook({ more: lengthOf(ping) }) },
  { name: 'a length that is none', bytes: () => webhook({ length: [['content-length', 'many']] }) },
  { name: 'length and chunks', bytes: () => webhook({ more: chunked }) },
  { name: '100-continue', bytes: () => webhook({ more: [['expect', '100-continue']] }) },
  { name: 'another expectation', bytes: () => webhook({ more: [['expect', 'wonders']] }) },
  { name: 'an upgrade', bytes: () => webhook({ more: [['upgrade', 'websocket']] }) },
  { name: 'a request id', bytes: () => webhook({ more: [['x-request-id', 'trace-12345678']] }) },
  { name: 'a trace', bytes: () => webhook({ more: [['traceparent', `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`]] }) },
  { name: 'a doubled slash', bytes: () => webhook({ start: `POST //api//github/webhooks HTTP/1.1` }) },
  { name: 'a query', bytes: () => webhook({ start: `POST ${webhooks}?a=//b HTTP/1.1` }) },
  { name: 'a slash at the end', bytes: () => webhook({ start: `POST ${webhooks}/ HTTP/1.1` }) },
  { name: 'dots in the path', bytes: () => webhook({ start: `POST /api/./x/../github/webhooks HTTP/1.1` }) },
  { name: 'an encoded letter', bytes: () => webhook({ start: `POST /api/github/webhook%73 HTTP/1.1` }) },
  { name: 'a backslash', bytes: () => webhook({ start: `POST /api\\github/webhooks HTTP/1.1` }) },
  { name: 'letters beyond ASCII', bytes: () => webhook({ start: `POST ${webhooks}/\u00e9 HTTP/1.1` }) },
  { name: 'another case', bytes: () => webhook({ start: `POST /API/github/webhooks HTTP/1.1` }) },
  { name: 'a whole URL', bytes: () => webhook({ start: `POST http://zekt.example${webhooks} HTTP/1.1` }) },
  { name: 'a host in capitals', bytes: () => webhook({ host: [['host', 'ZEKT.example:80']] }) },
  { name: 'a host that is none', bytes: () => webhook({ host: [['host', 'zekt example']] }) },
  { name: 'a host with a name', bytes: () => webhook({ host: [['host', 'me@zekt.example']] }) },
  { name: 'no host', bytes: () => webhook({ host: [] }) },
  { name: 'HTTP/1.0', bytes: () => webhook({ start: `POST ${webhooks} HTTP/1.0` }) },
  { name: 'HTTP/1.0, no host', bytes: () => webhook({ start: `POST ${webhooks} HTTP/1.0`, host: [] }) },
  ...['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE', 'BREW'].map((method) => ({
    name: `${method} instead of POST`,
    bytes: () => request(`${method} ${webhooks} HTTP/1.1`, host),
    isHead: method === 'HEAD',
  })),
  { name: 'a message', bytes: (fresh) => message(fresh) },
  {
    name: 'a message in chunks',
    bytes: (fresh) =>
      request(`POST ${events} HTTP/1.1`, [...host, ...bearer(fresh), ...chunked], inChunks(messageOf(fresh), 10)),
  },
  { name: 'a message with a key', bytes: (fresh) => message(fresh, undefined, [['idempotency-key', fresh.runId]]) },
  { name: 'a key that is none', bytes: (fresh) => message(fresh, undefined, [['idempotency-key', '\u00e9']]) },
  { name: 'no token', bytes: (fresh) => message({ ...fresh, token: '' }) },
  { name: 'a token that is none', bytes: (fresh) => message({ ...fresh, token: 'x.y.z' }) },
  { name: 'a token twice', bytes: (fresh) => message(fresh, undefined, bearer(fresh)) },
  {
    name: 'no token, and a body that is held back',
    bytes: () => request(`POST ${events} HTTP/1.1`, [...host, ['content-length', '1000']]),
  },
  { name: 'a message for another run', bytes: (fresh) => message(fresh, messageOf(fresh, { workflowRunId: '1' })) },
  { name: 'a message without a type', bytes: (fresh) => message(fresh, messageOf(fresh, { eventType: '' })) },
  { name: 'a message that is no JSON', bytes: (fresh) => message(fresh, Buffer.from('[')) },
  { name: 'a message of nothing', bytes: (fresh) => message(fresh, Buffer.alloc(0)) },
  {
    name: 'a payload that is too large',
    bytes: (fresh) => message(fresh, messageOf(fresh, { payload: 'x'.repeat(530_000) })),
  },
  {
    name: 'a payload that is very deep',
    bytes: (fresh) =>
      message(
        fresh,
        Buffer.from(
          messageOf(fresh)
            .toString()
            .replace(':1}', `:${'['.repeat(40_000)}${']'.repeat(40_000)}}`),
        ),
      ),
  },
  { name: 'a message beyond the limit', bytes: (fresh) => message(fresh, large) },
  {
    name: 'a message beyond the limit, in chunks',
    bytes: (fresh) =>
      request(`POST ${events} HTTP/1.1`, [...host, ...bearer(fresh), ...chunked], inChunks(large, 60_000)),
  },
  { name: 'health', bytes: () => request('GET /api/health HTTP/1.1', host) },
  { name: 'HEAD of health', bytes: () => request('HEAD /api/health HTTP/1.1', host), isHead: true },
  { name: 'nothing there', bytes: () => request('GET /nowhere HTTP/1.1', host) },
  { name: 'management without a token', bytes: () => request('GET /api/runs HTTP/1.1', host) },
];
