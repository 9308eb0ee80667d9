import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Answer } from '@zekt/egress';
import { readEvent } from '../event/read-event.ts';
import { config, nowMs, sha } from '../testing/play.ts';
import { startExchange, type ProviderConfig } from './provider-type.ts';
import { providerTypes } from './table.ts';

// A token of an operator may open more than one repository. Whatever an event says, and whatever the host answers, the token is only taken
// to the API of the provider's own repository.

interface Place {
  readonly config: Partial<ProviderConfig>;
  /** The repository's own path below the API. */
  readonly own: string;
  /** What is asked beside it: who we are, what the server is. */
  readonly beside: readonly string[];
}

const gitHub = {
  config: { address: 'https://github.com/acme/sh%20op', token: 't' },
  own: 'https://api.github.com/repos/acme/sh%20op/',
  beside: ['https://api.github.com/user'],
};
const gitLab = {
  config: { address: 'https://gitlab.io/acme/sub/shop', token: 't' },
  own: 'https://gitlab.io/api/v4/projects/acme%2Fsub%2Fshop/',
  beside: ['https://gitlab.io/api/v4/user'],
};
const gitea = {
  config: { address: 'https://gitea.io/acme/shop', token: 't' },
  own: 'https://gitea.io/api/v1/repos/acme/shop/',
  beside: ['https://gitea.io/api/v1/version', 'https://gitea.io/api/v1/user'],
};
const places: Readonly<Record<string, Place>> = {
  github: gitHub,
  githubdispatch: gitHub,
  githubpullrequestcomment: gitHub,
  gitlab: gitLab,
  gitlabmergerequestcomment: gitLab,
  gitea,
  giteapullrequestcomment: gitea,
  bitbucket: {
    config: { address: 'https://bitbucket.org/acme/shop', token: 'u:p' },
    own: 'https://api.bitbucket.org/2.0/repositories/acme/shop/',
    beside: [],
  },
  bitbucketserver: {
    config: { address: 'https://bb.io/context/scm/key/shop.git', token: 't' },
    own: 'https://bb.io/context/rest/api/latest/projects/key/repos/shop/',
    beside: [],
  },
  azuredevops: {
    config: { address: 'https://dev.azure.com/org/project/_git/shop', token: 't' },
    own: 'https://dev.azure.com/org/project/_apis/git/repositories/shop/',
    beside: ['https://dev.azure.com/org/_apis'],
  },
};

const hosts = [...providerTypes.values()].filter(
  ({ gate, type }) => gate === 'commitStatus' || gate === 'comment' || type === 'githubdispatch',
);

test('each type that writes to a repository is looked at', () => {
  expect(hosts.map(({ type }) => type).sort()).toEqual(Object.keys(places).sort());
});

const leaving = fc.constantFrom(
  '../../forks',
  '../../../../user/repos',
  `main@sha1:${'../'.repeat(13)}x`,
  `x:${'../../../../../user/keys?a='.padEnd(40, 'b')}`,
  `main@sha1:${'%2e%2e%2f'.repeat(5).slice(0, 40)}`,
  `${'..\\'.repeat(13)}x`,
  `sha1:@evil.io/${'a'.repeat(31)}`,
  `${sha}/../../../forks`,
  `${sha.slice(0, 39)}/`,
  `sha1:${sha}`,
  `main@sha1:${sha.toUpperCase()}`,
  'f'.repeat(64),
);
const anyText = fc.oneof(leaving, fc.string({ unit: 'grapheme', maxLength: 60 }));
const anyChange = fc.oneof(fc.constantFrom('7', '7/../../../user', '-1', '1e3', '７', ' 7'), anyText);

const anyEvent = fc
  .record({
    kind: anyText,
    namespace: anyText,
    name: anyText,
    reason: anyText,
    severity: fc.constantFrom('info' as const, 'error' as const),
    metadata: fc.record(
      { commit: anyText, originRevision: anyText, revision: anyText, summary: anyText, change_request: anyChange },
      { requiredKeys: ['change_request'] },
    ),
  })
  .map(({ kind, namespace, name, metadata, ...rest }) =>
    readEvent({ ...rest, message: 'm', involvedObject: { kind, namespace, name, uid: name }, metadata }),
  );

/** What a host that wants the token elsewhere may say: another next page, ids that are paths. */
const anyAnswer = fc.constantFrom<Partial<Answer> | null>(
  null,
  null,
  { headers: { link: '<https://evil.io/repos/acme/shop?page=2>; rel="next"', 'x-next-page': '2' } },
  { status: 302, headers: { location: 'https://evil.io/' } },
  { text: '[{"id":"../../../user","body":"<!-- flux-pr-comment-key:","user":{"login":"user"}}]' },
);

describe.each(hosts)('$type', (type) => {
  const { config: own = {}, own: below = '', beside = [] } = places[type.type] ?? {};

  test('only the API of its own repository is ever asked', () => {
    let written = 0;
    fc.assert(
      fc.property(anyEvent, fc.array(anyAnswer, { maxLength: 5 }), (event, answers) => {
        const exchange = startExchange(type, event, config(type.type, own), nowMs);
        const left = [...answers];
        let step = exchange.next();
        while (step.done !== true) {
          const { url, method, assumed } = step.value;
          // As whoever sends it reads it: without `..`.
          const { href, origin, pathname } = new URL(url);
          if (!beside.includes(href)) expect(`${origin}${pathname}`.slice(0, below.length)).toBe(below);
          if (method === 'POST') written += 1;
          step = exchange.next({ status: 200, headers: {}, text: '', ...assumed, ...left.shift(), at: nowMs });
        }
      }),
      { numRuns: 300 },
    );
    expect(written).toBeGreaterThan(0);
  });
});

test.each([
  ['github', 'https://github.com/acme/%252e%252e', 'https://api.github.com/repos/acme/%252e%252e/statuses/'],
  ['github', 'https://github.com/acme/shop%3Fx', 'https://api.github.com/repos/acme/shop%3Fx/statuses/'],
  ['gitea', 'https://gitea.io/acme/shop%23', 'https://gitea.io/api/v1/repos/acme/shop%23/statuses/'],
  ['bitbucket', 'https://bitbucket.org/ac%3Fme/s', 'https://api.bitbucket.org/2.0/repositories/ac%3Fme/s/commit/'],
])('%s: what an address %s holds stays one segment of the path', (name, address, start) => {
  const type = providerTypes.get(name);
  if (!type) throw new Error(name);
  const event = readEvent({
    involvedObject: {},
    severity: 'info',
    message: 'm',
    reason: 'R',
    metadata: { revision: sha },
  });
  const exchange = startExchange(type, event, config(name, { address, token: 'u:p' }), nowMs);
  let step = exchange.next();
  let last = '';
  while (step.done !== true) {
    last = step.value.url;
    step = exchange.next({ status: 200, headers: {}, text: '', ...step.value.assumed, at: nowMs });
  }
  expect(last.slice(0, start.length)).toBe(start);
  expect(new URL(last).href).toBe(last);
});
