import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { NotificationEvent } from '../event/notification-event.ts';
import { readEvent } from '../event/read-event.ts';
import { bytesOf } from '../event/shorten.ts';
import { config, nowMs, sha } from '../testing/play.ts';
import { startExchange, type ProviderConfig, type WireRequest } from './provider-type.ts';
import { providerTypes } from './table.ts';

// Whatever an event says, in any script, at any length, with any control character: what goes out is a request that its service can read,
// and no longer than it takes.

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc.array(fc.nat({ max: 0xffff }), { maxLength: 50 }).map((units) => String.fromCharCode(...units)),
  fc.constantFrom(
    '\r\nX-Injected: 1',
    '\u0000',
    '\ud800',
    '\udfff\ud800',
    '```',
    '<!channel>',
    '"}],"x":[{"',
    '\u2028',
    '💥',
  ),
);
const longText = fc
  .tuple(anyText, fc.nat({ max: 39_000 }))
  .map(([text, length]) => (text === '' ? '' : text.repeat(Math.ceil(length / text.length))));
const message = fc.oneof(anyText, longText);

const anyEvent = fc
  .record({
    kind: anyText,
    namespace: anyText,
    name: anyText,
    uid: anyText,
    severity: fc.constantFrom('info' as const, 'error' as const),
    message,
    reason: anyText,
    metadata: fc.dictionary(anyText, fc.oneof({ weight: 6, arbitrary: anyText }, { weight: 1, arbitrary: longText }), {
      maxKeys: 6,
    }),
    reportingController: anyText,
    reportingInstance: anyText,
  })
  .map(({ kind, namespace, name, uid, metadata, ...rest }) =>
    readEvent({
      ...rest,
      involvedObject: { kind, namespace, name, uid },
      timestamp: '2031-02-03T04:05:06Z',
      metadata: { ...metadata, revision: `main@sha1:${sha}`, change_request: '7' },
    }),
  );

const webhook = { address: 'https://acme.io/hook', channel: 'c', token: 't', username: 'u', password: 'p' };
const configs: Readonly<Record<string, Partial<ProviderConfig>>> = {
  github: { address: 'https://github.com/a/b', token: 't' },
  githubdispatch: { address: 'https://github.com/a/b', token: 't' },
  githubpullrequestcomment: { address: 'https://github.com/a/b', token: 't' },
  gitlab: { address: 'https://gitlab.com/a/b', token: 't' },
  gitlabmergerequestcomment: { address: 'https://gitlab.com/a/b', token: 't' },
  gitea: { address: 'https://gitea.io/a/b', token: 't' },
  giteapullrequestcomment: { address: 'https://gitea.io/a/b', token: 't' },
  bitbucket: { address: 'https://bitbucket.org/a/b', token: 'u:p' },
  bitbucketserver: { address: 'https://bb.io/scm/a/b.git', token: 't' },
  azuredevops: { address: 'https://dev.azure.com/o/p/_git/r', token: 't' },
  azureeventhub: { address: 'hub', channel: 'ns', token: 't' },
  nats: { address: 'nats://nats.io', channel: 'a.b' },
  googlepubsub: { address: 'p', channel: 't', token: '{"client_email":"a","private_key":"-"}' },
  sentry: { address: 'https://key@sentry.io/1' },
  zulip: { ...webhook, channel: 'a/b' },
};

/** All requests of an exchange, each answered as if all were well. */
function requestsFor(type: string, event: NotificationEvent): WireRequest[] {
  const found = providerTypes.get(type);
  if (!found) throw new Error(type);
  const settings = config(type, {
    ...(configs[type] ?? webhook),
    headers: { 'X-Team': event.message.slice(0, 50) },
    // The token of Pub/Sub is there already: no key is needed to sign.
    remembered: { get: (key) => (key.startsWith('pubsub:') ? 'access' : undefined), set: () => undefined },
  });
  const exchange = startExchange(found, event, settings, nowMs);
  const requests: WireRequest[] = [];
  let step = exchange.next();
  while (step.done !== true) {
    requests.push(step.value);
    step = exchange.next({ status: 200, headers: {}, text: '', ...step.value.assumed, at: nowMs });
  }
  return requests;
}

type Json = Record<string, unknown>;
const textAt = (body: Json, ...path: (string | number)[]): string =>
  path.reduce<unknown>((value, key) => (value as Record<string | number, unknown>)[key], body) as string;

/** A message of 40,000 characters, each of which may be six in JSON; Slack has its first line twice. And metadata. */
const mostBodyBytes = 600_000;

/** Limits of the services, each in its own unit. */
const limits: Readonly<Record<string, (body: string) => [size: number, most: number]>> = {
  slack: (body) => [Array.from(textAt(JSON.parse(body) as Json, 'attachments', 0, 'text')).length, 40_000],
  discord: (body) => [Array.from(textAt(JSON.parse(body) as Json, 'attachments', 0, 'text')).length, 4096],
  msteams: (body) => [bytesOf(body), 28 * 1024],
  googlechat: (body) => [bytesOf(body), 32_000],
  webex: (body) => [bytesOf(textAt(JSON.parse(body) as Json, 'markdown')), 7439],
  telegram: (body) => [textAt(JSON.parse(body) as Json, 'text').length, 4096],
  lark: (body) => [bytesOf(body), 20_000],
  matrix: (body) => [bytesOf(body), 60_000],
  opsgenie: (body) => [textAt(JSON.parse(body) as Json, 'message').length, 260],
  datadog: (body) => [Array.from(textAt(JSON.parse(body) as Json, 'text')).length, 4000],
  zulip: (body) => [Array.from(new URLSearchParams(body).get('content') ?? '').length, 10_000],
  rocket: (body) => [Array.from(textAt(JSON.parse(body) as Json, 'attachments', 0, 'text')).length, 40_000],
  alertmanager: (body) => [Array.from(textAt(JSON.parse(body) as Json, 0, 'annotations', 'message')).length, 40_000],
  grafana: (body) => [bytesOf(JSON.stringify((JSON.parse(body) as Json).tags)), 500],
  'incident.io': (body) => [Array.from(textAt(JSON.parse(body) as Json, 'description')).length, 20_000],
  sentry: (body) => [Array.from(textAt(JSON.parse(body.split('\n')[2] ?? '') as Json, 'message')).length, 8192],
  githubdispatch: (body) => [bytesOf(JSON.stringify((JSON.parse(body) as Json).client_payload)), 65_000],
};

describe.each([...providerTypes.keys()])('%s', (type) => {
  test('any event makes good requests', () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        const requests = requestsFor(type, event);
        expect(requests.length).toBeGreaterThan(0);
        for (const { url, headers, body, via } of requests) {
          if (!via) expect(new URL(url).protocol).toBe('https:');
          // What the HTTP client takes for a header.
          for (const [name, value] of headers) expect(() => new Headers([[name, value]])).not.toThrow();
          for (const [, value] of headers) expect(value).toMatch(/^[\x20-\x7e]*$/);
          const text = String(body ?? '');
          expect(text.isWellFormed()).toBe(true);
          const isJson = headers.some(([name, value]) => name === 'Content-Type' && value === 'application/json');
          if (isJson || via) expect(() => JSON.parse(text) as unknown).not.toThrow();
        }
        const body = requests.at(-1)?.body;
        const [size = 0, most = 0] = limits[type]?.(String(body)) ?? [];
        expect(size).toBeLessThanOrEqual(most);
        const isForwarded = type.startsWith('generic') || ['nats', 'azureeventhub', 'googlepubsub'].includes(type);
        if (!isForwarded) expect(bytesOf(String(body))).toBeLessThan(mostBodyBytes);
      }),
      { numRuns: 60 },
    );
  });
});

test('without truncation everything is sent as it is', () => {
  const event = readEvent({
    involvedObject: { kind: 'A', name: 'b', namespace: 'c' },
    severity: 'info',
    message: 'x'.repeat(39_000),
  });
  const telegram = providerTypes.get('telegram');
  const step = telegram?.exchange(event, config('telegram', { ...webhook, truncate: false }), nowMs).next();
  expect(String((step?.value as WireRequest).body)).toContain('x'.repeat(39_000));
});
