import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Socket } from 'node:net';
import { AddressGuard, createTransport, readExceptions, type Verdict } from '@zekt/egress';
import type { NotificationEvent } from '../event/notification-event.ts';
import type { ProviderConfig } from '../providers/provider-type.ts';
import { providerTypes } from '../providers/table.ts';
import { sendEvent } from '../sending/send-event.ts';
import { openIllSocket } from '../testing/ill-socket.ts';
import { allIllnesses, IllServer, type Illness } from '../testing/ill-server.ts';
import { config, info, nowMs, sha } from '../testing/play.ts';

// Services are ill, and proxies stand in their place. Each type against each kind of answer, at each of its requests: what was taken is
// never sent again, what may not have been is, and nothing is written where it is not known what is there.

let server: IllServer;
beforeAll(async () => {
  server = await IllServer.start();
});
afterAll(() => server.stop());

type Kind = Verdict['kind'];
type Expected = readonly [Kind, RegExp?];
type Outcomes = Readonly<Record<Illness, Expected>>;

/** Whatever was asked: nothing was taken, or nobody knows. */
const always = {
  broken: ['again', /^the request failed \(\w+\)$/],
  slow: ['again', /^no answer within 0.02 s$/],
  redirecting: ['refused', /^It answered 302: .*redirects are not followed/],
  'redirecting to this machine': ['refused', /^It answered 307.*redirects are not followed/],
} as const satisfies Partial<Outcomes>;

const notWritten = /^Its answer broke off before its end; nothing was written/;
/** A question. */
const question: Outcomes = {
  ...always,
  cut: ['again', notWritten],
  'lying about its length': ['again', notWritten],
  html: ['refused', /^Instead of .* it sent a web page .*; nothing was written. It answered 200: <!doctype html>/],
  'lying about its form': ['refused', /^Instead of .* it sent something else; nothing was written/],
  'saying no': ['refused', /^Instead of .* it sent something else; nothing was written. .*channel_not_found/],
};

/** A webhook: its status says all. */
const webhook: Outcomes = {
  ...always,
  cut: ['done'],
  'lying about its length': ['done'],
  html: ['done'],
  'lying about its form': ['done'],
  'saying no': ['done'],
};
/** A webhook of a chat, which may say no in its body. */
const chat: Outcomes = { ...webhook, 'saying no': ['refused', /^It said no. It answered 200: .*channel_not_found/] };
/** An API, in whose place something else may answer. */
const page: Expected = ['refused', /^Something else answered in its place, with a web page/];
const api: Outcomes = { ...webhook, html: page };
const chatApi: Outcomes = { ...chat, html: page };
/** What says in the body alone what came of a message. */
const cutShort: Expected = ['refused', /has taken the request, but its answer was cut short/];
const lark: Outcomes = {
  ...api,
  cut: cutShort,
  'lying about its length': cutShort,
  'saying no': ['refused', /^Lark answered code 19001: no such group/],
};
const slackApi: Outcomes = {
  ...lark,
  html: ['refused', /^Slack answered 200 with something that is no JSON/],
  'lying about its form': ['refused', /^Slack responded with error: no reason/],
  'saying no': ['refused', /^Slack responded with error: channel_not_found/],
};

interface Case {
  readonly config?: Partial<ProviderConfig>;
  /** What is asked before it writes, each with a good answer. */
  readonly reads?: readonly string[];
  readonly write: Outcomes;
  /** Good answers to writes before the last. */
  readonly writes?: readonly string[];
}
const acme = (host: string): Partial<ProviderConfig> => ({ address: `https://${host}/acme/shop`, token: 't' });
const cases: Readonly<Record<string, Case>> = {
  alertmanager: { write: api },
  azuredevops: {
    config: { address: 'https://dev.azure.com/acme/Shop/_git/web', token: 't' },
    reads: ['{"value":[]}', '{"value":[]}'],
    write: api,
  },
  bitbucket: { config: { ...acme('bitbucket.org'), token: 'u:p' }, reads: ['404'], write: api },
  bitbucketserver: { config: { address: 'https://bb.io/scm/key/shop.git', token: 't' }, reads: ['404'], write: api },
  datadog: { write: api },
  discord: { write: chat },
  generic: { write: webhook },
  'generic-hmac': { write: webhook },
  gitea: { config: acme('gitea.io'), reads: ['{"version":"1.25.0"}', '[]'], write: api },
  giteapullrequestcomment: {
    config: acme('gitea.io'),
    reads: ['{"version":"1.25.0"}', '{"login":"bot"}', '[]'],
    write: api,
  },
  github: { config: acme('github.com'), reads: ['[]'], write: api },
  githubdispatch: { config: acme('github.com'), write: api },
  githubpullrequestcomment: { config: acme('github.com'), reads: ['{"login":"bot"}', '[]'], write: api },
  gitlab: { config: acme('gitlab.com'), reads: ['[]'], write: api },
  gitlabmergerequestcomment: { config: acme('gitlab.com'), reads: ['{"username":"bot"}', '[]'], write: api },
  googlechat: { write: chat },
  googlepubsub: {
    config: {
      address: 'project',
      channel: 'topic',
      token: '{"client_email":"bot@p.iam","private_key":"-"}',
      remembered: { get: () => 'access', set: () => undefined },
    },
    write: api,
  },
  grafana: { write: api },
  'incident.io': { write: api },
  lark: { write: lark },
  matrix: { write: api },
  msteams: { write: chat },
  opsgenie: { write: api },
  otel: { write: api },
  pagerduty: { writes: ['{"status":"success"}'], write: api },
  rocket: { write: chat },
  sentry: { config: { address: 'https://key@sentry.io/1' }, write: api },
  slack: { write: chat },
  'slack, its API': { config: { address: 'https://slack.com/api/chat.postMessage' }, write: slackApi },
  telegram: { config: { address: '' }, write: chatApi },
  webex: { write: api },
  zoom: { write: chat },
  zulip: { config: { channel: 'stream/topic' }, write: chatApi },
};
/** What speaks a protocol of its own: below. */
const ownProtocols = ['azureeventhub', 'nats'];

test('every type is looked at', () => {
  const looked = new Set(Object.keys(cases).map((name) => name.split(',')[0] ?? ''));
  expect([...looked, ...ownProtocols].sort()).toEqual([...providerTypes.keys()].sort());
});

const event: NotificationEvent = {
  ...info,
  metadata: { ...info.metadata, revision: `main@sha1:${sha}`, change_request: '12' },
};
const defaults = { address: 'https://acme.io/hook', channel: 'c', token: 't', username: 'u', password: 'p' };

describe.each(Object.entries(cases))('%s', (name, { config: own = defaults, reads = [], writes = [], write }) => {
  const settings = config(name.split(',')[0] ?? '', { ...defaults, ...own });
  const healthy = [...reads, ...writes];
  const check = ({ kind, ...rest }: Verdict, [wanted, reason]: Expected): void => {
    expect(kind).toBe(wanted);
    if (reason) expect('reason' in rest ? rest.reason : '').toMatch(reason);
  };

  test.each(allIllnesses)('a server that is %s at the last of its requests', async (illness) => {
    const { verdict, requests } = await server.play(event, settings, illness, healthy);
    check(verdict, write[illness]);
    expect(requests).toHaveLength(healthy.length + 1);
    expect(new Set(requests).size).toBe(requests.length);
  });

  if (reads.length > 0)
    test.each(allIllnesses)('a server that is %s when it is asked what is there', async (illness) => {
      for (let at = 0; at < reads.length; at += 1) {
        const { verdict, requests } = await server.play(event, settings, illness, reads.slice(0, at));
        check(verdict, question[illness]);
        expect(requests).toHaveLength(at + 1);
        expect(requests.filter((it) => /^(?:POST|PUT|PATCH) /.test(it))).toEqual([]);
      }
    });

  if (writes.length > 0)
    test.each(allIllnesses)('a server that is %s at the first of two', async (illness) => {
      const { verdict, requests } = await server.play(event, settings, illness, reads);
      // The second is sent when the first was taken, and gets the same answer.
      check(verdict, write[illness]);
      expect(requests).toHaveLength(reads.length + (write[illness][0] === 'done' ? 2 : 1));
    });
});

/** Plays a type that dials by itself against a server that does the same with each connection. */
async function playSocket(
  name: string,
  own: (port: number) => Partial<ProviderConfig>,
  greet: (socket: Socket) => void,
): Promise<Verdict> {
  const type = providerTypes.get(name);
  if (!type) throw new Error(name);
  const ill = await openIllSocket(greet);
  const exceptions = readExceptions(['127.0.0.1']);
  try {
    const { verdict } = await sendEvent(
      { clock: { now: () => nowMs }, guard: new AddressGuard(exceptions), transport: createTransport(exceptions) },
      { type, config: config(name, own(ill.port)), route: { timeoutMs: 200 } },
      event,
    );
    expect(ill.connections()).toBe(1);
    return verdict;
  } finally {
    ill.stop();
  }
}
const natsAt = (port: number): Partial<ProviderConfig> => ({
  address: `nats://127.0.0.1:${port}`,
  channel: 'releases',
});
const hubAt = (port: number): Partial<ProviderConfig> => ({
  address: `Endpoint=sb://127.0.0.1:${port};SharedAccessKeyName=n;SharedAccessKey=k;EntityPath=hub;UseDevelopmentEmulator=true`,
});
const signIn = 'HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n<html>Sign in</html>';

describe.each([
  ['nats', natsAt, 'INFO {"server_id":"x","ver'],
  ['azureeventhub', hubAt, 'AMQP\0'],
] as const)('%s', (name, own, begun) => {
  test.each<[string, (socket: Socket) => void, RegExp]>([
    ['broken', (socket) => socket.resetAndDestroy(), /ECONNRESET/],
    ['cut', (socket) => socket.end(begun), /connect/],
    ['html', (socket) => socket.end(signIn), /unexpected response|Invalid protocol header/],
    ['slow', () => undefined, /timeout|aborted/],
  ])('a server that is %s', async (_, greet, reason) => {
    const verdict = await playSocket(name, own, greet);
    expect(verdict).toMatchObject({ kind: 'again', reason: expect.stringMatching(reason) });
  });
});

describe('nats, after its greeting', () => {
  const published: string[] = [];
  /** @param onPing what is done at the first question whether it is there, and at the one that follows the message */
  const server =
    (...onPing: ((socket: Socket) => void)[]) =>
    (socket: Socket): void => {
      published.length = 0;
      const left = [...onPing];
      const elsewhere = ['198.51.100.7:4222'];
      socket.write(
        `INFO ${JSON.stringify({ server_id: 'x', version: '2.10.0', max_payload: 1e6, headers: true, proto: 1, connect_urls: elsewhere })}\r\n`,
      );
      socket.on('data', (chunk: Buffer) => {
        for (const line of chunk.toString('utf8').split('\r\n')) {
          if (line.startsWith('PUB ')) published.push(line);
          if (line === 'PING') left.shift()?.(socket);
        }
      });
    };
  const pong = (socket: Socket): void => void socket.write('PONG\r\n');

  test.each<[string, ((socket: Socket) => void)[], Kind, string]>([
    ['refuses', [(socket) => socket.end("-ERR 'Authorization Violation'\r\n")], 'refused', 'It answered 401'],
    [
      'is gone before it has answered the message',
      [pong, (socket) => socket.resetAndDestroy()],
      'again',
      'It answered 503',
    ],
    ['never answers the message', [pong, () => undefined], 'again', 'no answer within 0.2 s'],
    ['is gone when it has answered the message', [pong, (socket) => socket.end('PONG\r\n')], 'done', ''],
    ['says that there are others', [pong, pong], 'done', ''],
  ])('a server that %s', async (_, onPing, kind, reason) => {
    const verdict = await playSocket('nats', natsAt, server(...onPing));
    expect(verdict.kind).toBe(kind);
    expect('reason' in verdict ? verdict.reason : '').toContain(reason);
    expect(published).toHaveLength(kind === 'refused' ? 0 : 1);
  });
});
