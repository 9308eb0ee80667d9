import { expect, test } from '@jest/globals';
import { AddressGuard, readExceptions, type OutgoingRequest } from '@zekt/egress';
import type { NotificationEvent } from '../event/notification-event.ts';
import type { ProviderConfig } from '../providers/provider-type.ts';
import { providerTypes } from '../providers/table.ts';
import { sendEvent } from '../sending/send-event.ts';
import { config, error, info, nowMs } from '../testing/play.ts';
import { readProtobuf } from '../testing/read-protobuf.ts';

// What goes to a collector for the event of the reference, byte for byte, and what a reader of OTLP's protobuf makes of it.

const alert = { namespace: 'flux-system', name: 'all' };
const base = { address: 'https://collector.acme.io:4318', alert };

async function sent(event: NotificationEvent, changes: Partial<ProviderConfig> = {}, status = 200) {
  const type = providerTypes.get('otel');
  if (!type) throw new Error('otel is there');
  const requests: OutgoingRequest[] = [];
  const result = await sendEvent(
    {
      clock: { now: () => nowMs },
      guard: new AddressGuard(readExceptions([])),
      transport: (request) => {
        requests.push(request);
        return Promise.resolve({ status, headers: {}, text: '' });
      },
    },
    { type, config: config('otel', { ...base, ...changes }), route: { timeoutMs: 1000 } },
    event,
  );
  return { ...result, requests };
}

/** Numbers of fields are those of opentelemetry/proto/trace/v1/trace.proto. */
function readSpan(body: unknown) {
  const resourceSpans = readProtobuf(body as Uint8Array).message(1);
  const scopeSpans = resourceSpans.message(2);
  const span = scopeSpans.message(2);
  const status = span.message(15);
  const pairs = (of: ReturnType<typeof readProtobuf>, field: number) =>
    of.messages(field).map((pair) => [pair.text(1), pair.message(2).text(1)]);
  return {
    resource: pairs(resourceSpans.message(1), 1),
    scope: scopeSpans.message(1).text(1),
    traceId: span.hex(1),
    spanId: span.hex(2),
    name: span.text(5),
    kind: span.number(6),
    startMs: Number(span.fixed64(7) / 1_000_000n),
    endMs: Number(span.fixed64(8) / 1_000_000n),
    attributes: pairs(span, 9),
    status: { message: status.text(2), code: status.number(3) },
  };
}

test('an event is one span of the trace of its alert and revision', async () => {
  const { requests, verdict } = await sent(info);
  expect(verdict).toEqual({ kind: 'done' });
  expect(requests).toHaveLength(1);
  const [request] = requests;
  expect(request).toMatchObject({
    method: 'POST',
    url: 'https://collector.acme.io:4318/v1/traces',
    headers: [
      ['Content-Type', 'application/x-protobuf'],
      ['User-Agent', 'Go-http-client/1.1'],
    ],
  });
  expect(readSpan(request?.body)).toEqual({
    resource: [['service.name', 'flux-system/all']],
    scope: 'zekt',
    traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
    spanId: expect.stringMatching(/^[0-9a-f]{16}$/),
    name: 'HelmRelease: retail/shop',
    kind: 1,
    startMs: Date.parse('2031-02-03T04:05:06Z'),
    endMs: nowMs,
    attributes: [
      ['object.uid', 'a1b2c3d4-0000-4000-8000-000000000001'],
      ['object.kind', 'HelmRelease'],
      ['object.name', 'shop'],
      ['object.namespace', 'retail'],
      ['env', 'prod'],
      ['revision', '6.2.0'],
    ],
    status: { message: 'Upgrade done', code: 1 },
  });
  expect(Buffer.from(request?.body as Uint8Array).toString('base64')).toBe(
    'CsoCCiUKIQoMc2VydmljZS5uYW1lEhEKD2ZsdXgtc3lzdGVtL2FsbBAAEqACCgYKBHpla3QSlQIKEOfu4xGZDWGP6SMpAJE9StESCNV8FfSO/9x/KhhIZWxtUmVsZWFzZTogcmV0YWlsL3Nob3AwATkA9I4gjSDBGkEAHPoOjiDBGko0CgpvYmplY3QudWlkEiYKJGExYjJjM2Q0LTAwMDAtNDAwMC04MDAwLTAwMDAwMDAwMDAwMUocCgtvYmplY3Qua2luZBINCgtIZWxtUmVsZWFzZUoVCgtvYmplY3QubmFtZRIGCgRzaG9wShwKEG9iamVjdC5uYW1lc3BhY2USCAoGcmV0YWlsSg0KA2VudhIGCgRwcm9kShMKCHJldmlzaW9uEgcKBTYuMi4wUABgAHAAehASDFVwZ3JhZGUgZG9uZRgBhQEBAQAA',
  );
});

test('an error is one with its message, of the same trace and another span', async () => {
  const [first, failed, again] = await Promise.all(
    [sent(info), sent(error), sent(error)].map(async (it) => readSpan((await it).requests[0]?.body)),
  );
  expect(failed).toMatchObject({ status: { message: 'Upgrade failed: timed out', code: 2 }, traceId: first?.traceId });
  expect(failed?.spanId).not.toBe(first?.spanId);
  expect(again).toEqual(failed);
});

test.each<[string, Readonly<Record<string, string>>, boolean]>([
  ['the same revision', { revision: '6.2.0', env: 'test' }, true],
  ['another revision', { revision: '6.2.1' }, false],
  [
    'an app version and a digest, which come first',
    { revision: '6.2.0', 'app-version': '1', 'oci-digest': 'sha256:a' },
    false,
  ],
  ['an app version alone, which says nothing', { revision: '6.2.0', 'app-version': '1' }, true],
  ['no revision', {}, false],
])('%s: the trace is the same or another', async (_, metadata, isSame) => {
  const traceOf = async (event: NotificationEvent, of = alert): Promise<string> =>
    readSpan((await sent(event, { alert: of })).requests[0]?.body).traceId;
  const known = await traceOf(info);
  expect((await traceOf({ ...info, metadata })) === known).toBe(isSame);
  expect(await traceOf(info, { ...alert, name: 'other' })).not.toBe(known);
});

test.each<[Partial<ProviderConfig>, readonly string[]]>([
  [{ token: 't' }, ['Authorization: Bearer t']],
  [{ username: 'u', password: 'p' }, ['Authorization: Basic dTpw']],
  [{ token: 't', username: 'u', password: 'p' }, ['Authorization: Basic dTpw']],
  [
    { token: 't', headers: { authorization: 'mine', 'X-Scope-OrgID': 'a\r\nb' } },
    ['Authorization: Bearer t', 'X-Scope-OrgID: a??b'],
  ],
  [{ headers: { authorization: 'mine', 'content-type': 'text/plain' } }, ['authorization: mine']],
])('headers of %j', async (changes, headers) => {
  const { requests } = await sent(info, changes);
  expect(requests[0]?.headers.map((it) => it.join(': '))).toEqual([
    'Content-Type: application/x-protobuf',
    ...headers,
    'User-Agent: Go-http-client/1.1',
  ]);
});

test('a path of its own is kept', async () => {
  const { requests } = await sent(info, { address: 'https://api.acme.io/otlp/v1/traces?region=eu' });
  expect(requests[0]?.url).toBe('https://api.acme.io/otlp/v1/traces?region=eu');
});

test('repositories of charts make no span', async () => {
  const event = { ...info, involvedObject: { ...info.involvedObject, kind: 'HelmRepository' } };
  expect(await sent(event)).toMatchObject({ verdict: { kind: 'done' }, requests: [] });
});

test('people see in words what the bytes say, and an answer decides as of any other', async () => {
  const { exchanges, verdict } = await sent(info, { token: 'canary-token' }, 503);
  expect(verdict).toEqual({ kind: 'again', reason: 'It answered 503.' });
  expect(JSON.parse(exchanges[0]?.body ?? '')).toMatchObject({
    name: 'HelmRelease: retail/shop',
    message: 'Upgrade done',
  });
  expect(JSON.stringify(exchanges)).not.toContain('canary');
});
