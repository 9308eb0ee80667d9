import { createHash, createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { canonicalJson, type NotificationEvent } from '../event/notification-event.ts';
import type { ProviderConfig } from '../providers/provider-type.ts';
import {
  canonical,
  config,
  error,
  info,
  nowMs,
  onCommit,
  providerUid,
  Recorder,
  sha,
  type Reply,
} from '../testing/play.ts';

// What is asked before something is written, and what is written: for the hosts of repositories, and for Google.

let recorder: Recorder;
beforeAll(async () => {
  recorder = await Recorder.start();
});
afterAll(() => recorder.stop());

const agent = 'User-Agent: Go-http-client/1.1';
const content = 'Content-Type: application/json';
const context = 'kustomization/web/0c9c2e41';
const key = createHash('sha1').update(context).digest('hex');

interface Golden {
  readonly config: Partial<ProviderConfig>;
  readonly headers: readonly string[];
  readonly reads: readonly [method: string, url: string, body: string][];
  readonly write: string;
  readonly info: object;
  readonly error: object;
  /** Answers to the last read that say the same as the info. */
  readonly same: string;
}

const gitHubHeaders = [
  'Accept: application/vnd.github.v3+json',
  'X-GitHub-Api-Version: 2022-11-28',
  'Authorization: Bearer t',
];
const description = 'upgrade succeeded';
const failed = 'upgrade failed';
const basicOf = (text: string): string => `Authorization: Basic ${Buffer.from(text).toString('base64')}`;

const goldens: Readonly<Record<string, Golden>> = {
  github: {
    config: { address: 'https://github.com/acme/shop.git', token: 't' },
    headers: gitHubHeaders,
    reads: [['GET', `https://api.github.com/repos/acme/shop/commits/${sha}/statuses?per_page=50`, '[]']],
    write: `https://api.github.com/repos/acme/shop/statuses/${sha}`,
    info: { state: 'success', description, context },
    error: { state: 'failure', description: failed, context },
    same: JSON.stringify([
      { context: 'other', state: 'failure', description },
      { context, state: 'success', description },
      { context, state: 'failure', description },
    ]),
  },
  'github, an enterprise server by ssh': {
    config: { address: 'git@git.acme.io:acme/shop.git', password: 't' },
    headers: gitHubHeaders,
    reads: [['GET', `https://git.acme.io/api/v3/repos/acme/shop/commits/${sha}/statuses?per_page=50`, '[]']],
    write: `https://git.acme.io/api/v3/repos/acme/shop/statuses/${sha}`,
    info: { state: 'success', description, context },
    error: { state: 'failure', description: failed, context },
    same: JSON.stringify([{ context, state: 'success', description }]),
  },
  gitlab: {
    config: { address: 'https://gitlab.acme.io:8443/group/sub/web.site', token: 't' },
    headers: ['Accept: application/json', 'PRIVATE-TOKEN: t'],
    reads: [
      [
        'GET',
        `https://gitlab.acme.io:8443/api/v4/projects/group%2Fsub%2Fweb%2Esite/repository/commits/${sha}/statuses?name=kustomization%2Fweb%2F0c9c2e41`,
        '[]',
      ],
    ],
    write: `https://gitlab.acme.io:8443/api/v4/projects/group%2Fsub%2Fweb%2Esite/statuses/${sha}`,
    info: { state: 'success', name: context, description },
    error: { state: 'failed', name: context, description: failed },
    same: JSON.stringify([{ sha, status: 'success', name: context, description }]),
  },
  bitbucket: {
    config: { address: 'https://bitbucket.org/acme/shop', token: 'u:app-password' },
    headers: [basicOf('u:app-password')],
    reads: [['GET', `https://api.bitbucket.org/2.0/repositories/acme/shop/commit/${sha}/statuses/build/${key}`, '404']],
    write: `https://api.bitbucket.org/2.0/repositories/acme/shop/commit/${sha}/statuses/build`,
    info: { key, url: 'https://bitbucket.org', state: 'SUCCESSFUL', name: 'kustomization/web', description },
    error: { key, url: 'https://bitbucket.org', state: 'FAILED', name: 'kustomization/web', description: failed },
    same: JSON.stringify({ state: 'SUCCESSFUL', description }),
  },
  bitbucketserver: {
    config: { address: 'https://bb.acme.io/context/scm/key/shop.git', username: 'u', password: 'p' },
    headers: [basicOf('u:p'), 'x-atlassian-token: no-check', 'x-requested-with: XMLHttpRequest'],
    reads: [
      [
        'GET',
        `https://bb.acme.io/context/rest/api/latest/projects/key/repos/shop/commits/${sha}/builds?key=${key}`,
        '404',
      ],
    ],
    write: `https://bb.acme.io/context/rest/api/latest/projects/key/repos/shop/commits/${sha}/builds`,
    info: {
      description,
      key,
      name: `kustomization/web [${description}]`,
      state: 'SUCCESSFUL',
      url: 'https://bb.acme.io/context/scm/key/shop.git',
    },
    error: {
      description: failed,
      key,
      name: `kustomization/web [${failed}]`,
      state: 'FAILED',
      url: 'https://bb.acme.io/context/scm/key/shop.git',
    },
    same: JSON.stringify({ key, state: 'SUCCESSFUL', description, name: `kustomization/web [${description}]` }),
  },
  gitea: {
    config: { address: 'https://gitea.acme.io/acme/shop', token: 't' },
    headers: ['Authorization: token t'],
    reads: [
      ['GET', 'https://gitea.acme.io/api/v1/version', '{"version":"1.25.0"}'],
      ['GET', `https://gitea.acme.io/api/v1/repos/acme/shop/commits/${sha}/statuses?limit=50&page=1`, '[]'],
    ],
    write: `https://gitea.acme.io/api/v1/repos/acme/shop/statuses/${sha}`,
    info: { state: 'success', target_url: '', description, context },
    error: { state: 'failure', target_url: '', description: failed, context },
    same: JSON.stringify([{ context, status: 'success', description }]),
  },
};

const asReply = (body: string): Reply => (body === '404' ? { status: 404 } : { status: 200, body });

describe.each(Object.entries(goldens))('%s', (name, golden) => {
  const settings = config(name.split(',')[0] ?? '', golden.config);
  const replies = [...golden.reads.map(([, , body]) => asReply(body)), { status: 201 }];

  test.each([
    ['info', info, golden.info],
    ['error', error, golden.error],
  ] as const)('%s', async (_, event, body) => {
    const { requests, verdict } = await recorder.play(onCommit(event), settings, replies);
    expect(verdict).toEqual({ kind: 'done' });
    expect(requests).toEqual([
      ...golden.reads.map(([method, url]) => ({ method, url, headers: [...golden.headers, agent], body: '' })),
      { method: 'POST', url: golden.write, headers: [...golden.headers, content, agent], body: JSON.stringify(body) },
    ]);
  });

  test('what is there already is not written again', async () => {
    const last = golden.reads.length - 1;
    const there = [...replies.slice(0, last), { status: 200, body: golden.same }];
    const { requests, verdict } = await recorder.play(onCommit(info), settings, there);
    expect(verdict).toEqual({ kind: 'done' });
    expect(requests).toHaveLength(golden.reads.length);
    const news = await recorder.play(onCommit(error), settings, [...there, { status: 201 }]);
    expect(news.requests.at(-1)?.method).toBe('POST');
  });

  test('when it can not be asked, nothing is written', async () => {
    const { requests, verdict } = await recorder.play(onCommit(info), settings, [{ status: 500 }]);
    expect(verdict.kind).toBe('again');
    expect(requests).toHaveLength(1);
  });

  test('without a commit, or with another severity, nothing is asked', async () => {
    const nowhere = await recorder.play({ ...onCommit(info), metadata: { revision: 'main' } }, settings);
    expect(nowhere).toMatchObject({
      verdict: { kind: 'refused', reason: "failed to extract commit hash from 'main' revision" },
      requests: [],
    });
    expect(await recorder.play({ ...onCommit(info), metadata: {} }, settings)).toMatchObject({
      verdict: { reason: 'missing revision metadata' },
    });
    expect(await recorder.play({ ...onCommit(info), severity: 'trace' }, settings)).toMatchObject({
      verdict: { kind: 'refused' },
      requests: [],
    });
  });
});

test.each(['info', 'error'] as const)('gitea shows what is going on as pending, with severity %s', async (severity) => {
  const { requests } = await recorder.play(
    { ...onCommit(info), severity, reason: 'Progressing' },
    config('gitea', { address: 'https://gitea.acme.io/acme/shop', token: 't' }),
    [{ status: 200, body: '{"version":"1.25.0"}' }, { status: 200, body: '[]' }, { status: 201 }],
  );
  expect(JSON.parse(requests.at(-1)?.body ?? '')).toMatchObject({ state: 'pending' });
});

test("bitbucket's key, by the vector of the reference", () => {
  expect(createHash('sha1').update('kustomization/namespace-foo-and-service-bar').digest('hex')).toBe(
    '12ea142172e98435e16336acbbed8919610922c3',
  );
});

describe('azuredevops', () => {
  const settings = config('azuredevops', { address: 'https://Dev.Azure.com/Acme/Shop/_git/web', token: 't' });
  const statuses = `https://dev.azure.com/acme/Shop/_apis/git/repositories/web/commits/${sha}/statuses`;
  const session = expect.stringMatching(/^X-TFS-Session: [\da-f-]{36}$/) as unknown;
  const headers = (accept: string, ...more: string[]): unknown[] => [
    `Accept: ${accept}`,
    'X-TFS-FedAuthRedirect: Suppress',
    session,
    basicOf(':t'),
    ...more,
    agent,
  ];
  const found: Reply = { status: 200, body: '{"value":[]}' };

  test.each([
    ['info', info, 'succeeded', description, 'fluxcd'],
    ['error', error, 'error', failed, 'fluxcd'],
    ['a summary in the genre', { ...info, metadata: { summary: 'prod' } }, 'succeeded', description, 'fluxcd:prod'],
  ] as const)('%s', async (_, event: NotificationEvent, state, text, genre) => {
    const given = { ...onCommit(event), metadata: { ...event.metadata, revision: `main@sha1:${sha}` } };
    const { requests, verdict } = await recorder.play(given, settings, [found, found, { status: 201 }]);
    expect(verdict).toEqual({ kind: 'done' });
    const versioned = 'application/json;api-version=6.0';
    expect(requests).toEqual([
      { method: 'OPTIONS', url: 'https://dev.azure.com/acme/_apis', headers: headers('application/json'), body: '' },
      { method: 'GET', url: statuses, headers: headers(versioned), body: '' },
      {
        method: 'POST',
        url: statuses,
        headers: headers(versioned, content),
        body: JSON.stringify({ context: { genre, name: context }, description: text, state }),
      },
    ]);
  });

  test('an older server is spoken to in its own version', async () => {
    const locations = { value: [{ area: 'git', resourceName: 'Statuses', maxVersion: '5.1' }] };
    const { requests } = await recorder.play(onCommit(info), settings, [
      { status: 200, body: JSON.stringify(locations) },
      {
        status: 200,
        body: JSON.stringify({
          value: [{ context: { genre: 'fluxcd', name: context }, state: 'succeeded', description }],
        }),
      },
    ]);
    expect(requests[1]?.headers[0]).toBe('Accept: application/json;api-version=5.1');
    expect(requests).toHaveLength(2);
  });
});

const appKeys = generateKeyPairSync('rsa', { modulusLength: 2048 });
const privateKey = appKeys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

function claimsOf(jwt: string): Record<string, unknown> {
  const [head = '', body = '', signature = ''] = jwt.split('.');
  const isGood = verify(
    'RSA-SHA256',
    Buffer.from(`${head}.${body}`),
    createPublicKey(privateKey),
    Buffer.from(signature, 'base64url'),
  );
  expect(isGood).toBe(true);
  return JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as Record<string, unknown>;
}

describe('githubdispatch', () => {
  const address = 'https://github.com/acme/deploy';
  const url = 'https://api.github.com/repos/acme/deploy/dispatches';

  test.each([
    ['info', info, canonical.info],
    ['error', error, canonical.error],
  ] as const)('%s', async (_, event, payload) => {
    const { requests, verdict } = await recorder.play(event, config('githubdispatch', { address, token: 't' }), [
      { status: 204 },
    ]);
    expect(verdict).toEqual({ kind: 'done' });
    expect(requests).toEqual([
      {
        method: 'POST',
        url,
        headers: [...gitHubHeaders, content, agent],
        body: `{"event_type":"HelmRelease/shop.retail","client_payload":${payload}}`,
      },
    ]);
  });

  test('as a GitHub App: its installation is looked up, and its token is used again', async () => {
    const values = new Map<string, string>();
    const settings = config('githubdispatch', {
      address,
      extra: { githubAppID: '7', githubAppPrivateKey: privateKey },
      remembered: { get: (name) => values.get(name), set: (name, value) => void values.set(name, value) },
    });
    const { requests } = await recorder.play(info, settings, [
      { status: 404 },
      { status: 200, body: '{"id":99}' },
      { status: 201, body: '{"token":"ghs_1","expires_at":"2031-02-03T05:05:06Z"}' },
      { status: 204 },
    ]);
    expect(requests.map((it) => `${it.method} ${it.url}`)).toEqual([
      'GET https://api.github.com/orgs/acme/installation',
      'GET https://api.github.com/users/acme/installation',
      'POST https://api.github.com/app/installations/99/access_tokens',
      `POST ${url}`,
    ]);
    const jwt = requests[0]?.headers.find((it) => it.startsWith('Authorization: Bearer '))?.slice(22) ?? '';
    const now = nowMs / 1000;
    expect(claimsOf(jwt)).toEqual({ iat: now - 30, exp: now + 90, iss: '7' });
    expect(requests[3]?.headers).toContain('Authorization: Bearer ghs_1');
    const again = await recorder.play(info, settings, [{ status: 204 }]);
    expect(again.requests.map((it) => it.url)).toEqual([url]);
  });

  test('what GitHub means by 403', async () => {
    const settings = config('githubdispatch', { address, token: 't' });
    const at = (reply: Reply) => recorder.play(info, settings, [reply]);
    const reset = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(nowMs / 1000 + 60) };
    expect((await at({ status: 403, headers: reset })).verdict).toMatchObject({ kind: 'limited', afterMs: 60_000 });
    expect((await at({ status: 403, body: 'secondary rate limit' })).verdict).toMatchObject({ kind: 'limited' });
    expect((await at({ status: 403, body: 'Resource not accessible' })).verdict).toMatchObject({ kind: 'refused' });
  });
});

describe('googlepubsub', () => {
  test.each([
    ['info', info],
    ['error', error],
  ] as const)('%s: a token for a signed assertion, then the message', async (_, event) => {
    const values = new Map<string, string>();
    const token = JSON.stringify({ client_email: 'bot@p.iam', private_key: privateKey, private_key_id: 'k1' });
    const settings = config('googlepubsub', {
      address: 'acme-prod',
      channel: 'releases',
      token,
      headers: { team: 'a' },
      remembered: { get: (name) => values.get(name), set: (name, value) => void values.set(name, value) },
    });
    const { requests, verdict } = await recorder.play(event, settings, [
      { status: 200, body: '{"access_token":"ya29","expires_in":3599}' },
      { status: 200, body: '{"messageIds":["1"]}' },
    ]);
    expect(verdict).toEqual({ kind: 'done' });
    const [grant, publish] = requests;
    expect(grant).toMatchObject({ method: 'POST', url: 'https://oauth2.googleapis.com/token' });
    const form = new URLSearchParams(grant?.body);
    expect(form.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer');
    expect(claimsOf(form.get('assertion') ?? '')).toEqual({
      iss: 'bot@p.iam',
      scope: 'https://www.googleapis.com/auth/pubsub',
      aud: 'https://oauth2.googleapis.com/token',
      iat: nowMs / 1000,
      exp: nowMs / 1000 + 3600,
    });
    expect(publish).toEqual({
      method: 'POST',
      url: 'https://pubsub.googleapis.com/v1/projects/acme-prod/topics/releases:publish',
      headers: [content, 'Authorization: Bearer ya29', agent],
      body: JSON.stringify({
        messages: [{ data: Buffer.from(canonicalJson(event)).toString('base64'), attributes: { team: 'a' } }],
      }),
    });
    expect((await recorder.play(event, settings, [{ status: 200 }])).requests).toHaveLength(1);
  });
});

describe('comments at change requests', () => {
  const event: NotificationEvent = { ...info, metadata: { ...info.metadata, change_request: '12' } };
  const marker = (prefix: string): string => `<!-- ${prefix}:${providerUid}/HelmRelease/retail/shop -->`;
  const body = (prefix: string): string =>
    `${marker(prefix)}\n\n## Flux Status\n\nℹ️ HelmRelease/retail/shop\n\nUpgrade done\n\nMetadata:\n* \`env\`: prod\n* \`revision\`: 6.2.0\n`;

  test.each([
    [
      'githubpullrequestcomment',
      'https://github.com/acme/shop',
      'flux-pr-comment-key',
      [
        'https://api.github.com/user',
        'https://api.github.com/repos/acme/shop/issues/12/comments?sort=created&direction=asc&per_page=100',
      ],
      'https://api.github.com/repos/acme/shop/issues/12/comments',
      ['PATCH', 'https://api.github.com/repos/acme/shop/issues/comments/5'],
      [{ body: '{"login":"bot"}', status: 200 }],
      { user: { login: 'bot' } },
    ],
    [
      'gitlabmergerequestcomment',
      'https://gitlab.com/acme/shop',
      'flux-mr-comment-key',
      [
        'https://gitlab.com/api/v4/user',
        'https://gitlab.com/api/v4/projects/acme%2Fshop/merge_requests/12/notes?order_by=created_at&sort=asc&per_page=100',
      ],
      'https://gitlab.com/api/v4/projects/acme%2Fshop/merge_requests/12/notes',
      ['PUT', 'https://gitlab.com/api/v4/projects/acme%2Fshop/merge_requests/12/notes/5'],
      [{ body: '{"username":"bot"}', status: 200 }],
      { author: { username: 'bot' } },
    ],
    [
      'giteapullrequestcomment',
      'https://gitea.acme.io/acme/shop',
      'flux-pr-comment-key',
      [
        'https://gitea.acme.io/api/v1/version',
        'https://gitea.acme.io/api/v1/user',
        'https://gitea.acme.io/api/v1/repos/acme/shop/issues/12/comments',
      ],
      'https://gitea.acme.io/api/v1/repos/acme/shop/issues/12/comments',
      ['PATCH', 'https://gitea.acme.io/api/v1/repos/acme/shop/issues/comments/5'],
      [
        { body: '{"version":"1"}', status: 200 },
        { body: '{"login":"bot"}', status: 200 },
      ],
      { user: { login: 'bot' } },
    ],
  ] as const)('%s', async (type, address, prefix, reads, create, update, who, own) => {
    const settings = config(type, { address, token: 't' });
    const fresh = await recorder.play(event, settings, [...who, { status: 200, body: '[]' }, { status: 201 }]);
    expect(fresh.verdict).toEqual({ kind: 'done' });
    expect(fresh.requests.map((it) => `${it.method} ${it.url}`)).toEqual([
      ...reads.map((url) => `GET ${url}`),
      `POST ${create}`,
    ]);
    expect(JSON.parse(fresh.requests.at(-1)?.body ?? '')).toEqual({ body: body(prefix) });
    // Somebody else may quote the marker.
    const comments = [
      { id: 4, body: marker(prefix), user: { login: 'mona' }, author: { username: 'mona' } },
      { id: 5, body: `${marker(prefix)} old`, ...own },
    ];
    const known = await recorder.play(event, settings, [
      ...who,
      { status: 200, body: JSON.stringify(comments) },
      { status: 200 },
    ]);
    expect(known.requests.at(-1)).toMatchObject({ method: update[0], url: update[1] });
    const strange = await recorder.play({ ...event, metadata: { change_request: 'x' } }, settings);
    expect(strange).toMatchObject({ verdict: { reason: 'change_request is no number' }, requests: [] });
  });
});
