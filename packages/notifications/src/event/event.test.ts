import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { dedupeKey } from './dedupe-key.ts';
import { markdownPost, spacedReason, statusId } from './describe.ts';
import { readGitAddress } from './git-address.ts';
import { mergeMetadata, ownMetadata } from './metadata.ts';
import { canonicalJson, type NotificationEvent } from './notification-event.ts';
import { commitHash } from './revision.ts';
import { bytesOf, fit, shorten } from './shorten.ts';

const event = (changes: Partial<NotificationEvent> = {}): NotificationEvent => ({
  involvedObject: {
    kind: 'Kustomization',
    namespace: 'apps',
    name: 'web',
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
  },
  severity: 'info',
  timestamp: '2031-02-03T04:05:06.789Z',
  message: 'done',
  reason: 'Succeeded',
  reportingController: 'kustomize-controller',
  ...changes,
});
const sha = '0123456789abcdef0123456789abcdef01234567';

describe('canonical JSON', () => {
  test('the check vector of the reference', () => {
    const json = canonicalJson({
      involvedObject: {},
      severity: 'info',
      timestamp: '2021-08-24T16:18:00Z',
      message: 'update successful',
      reason: 'update sucesful',
      reportingController: '',
    });
    expect(createHash('sha1').update(json).digest('hex')).toBe('37d91b4f6a1e44c6a38273b0a0fd408fade7b0f5');
  });

  test('keys in order, whole seconds, what is empty left out, what HTML would take escaped', () => {
    expect(
      canonicalJson(event({ message: '<a href="x">&\u2028</a>', metadata: { z: '1', a: '2', é: '3', B: '4' } })),
    ).toBe(
      String.raw`{"involvedObject":{"kind":"Kustomization","namespace":"apps","name":"web","apiVersion":"kustomize.toolkit.fluxcd.io/v1"},"severity":"info","timestamp":"2031-02-03T04:05:06Z","message":"\u003ca href=\"x\"\u003e\u0026\u2028\u003c/a\u003e","reason":"Succeeded","metadata":{"B":"4","a":"2","z":"1","é":"3"},"reportingController":"kustomize-controller"}`,
    );
    expect(canonicalJson(event({ timestamp: null, metadata: {} }))).toContain('"timestamp":null,"message"');
  });
});

describe('metadata', () => {
  const group = 'kustomize.toolkit.fluxcd.io';
  const raw = event({
    metadata: {
      [`${group}/revision`]: 'main@sha1:1',
      [`${group}/Checksum`]: 'x',
      [`${group}/digest`]: 'x',
      [`${group}/token`]: 'salt',
      [`${group}/aa/bb`]: 'nested',
      [`${group}/env`]: 'group',
      'event.toolkit.fluxcd.io/env': 'event',
      'event.toolkit.fluxcd.io/team': 'a',
      'helm.toolkit.fluxcd.io/revision': 'foreign',
      plain: 'dropped',
    },
  });

  test('only what belongs to the event is kept, without its prefix; later sources win', () => {
    expect(mergeMetadata(raw, { eventMetadata: { env: 'alert', region: 'eu' }, summary: 'all of prod' })).toEqual({
      metadata: {
        env: 'group',
        team: 'a',
        region: 'eu',
        summary: 'all of prod',
        revision: 'main@sha1:1',
        'aa/bb': 'nested',
      },
      conflicts: ['env'],
    });
    expect(mergeMetadata(event(), { eventMetadata: { summary: 'map' }, summary: 'field' })).toEqual({
      metadata: { summary: 'field' },
      conflicts: ['summary'],
    });
  });

  test('objects of the core group have a slash for a prefix', () => {
    const core = event({ involvedObject: { apiVersion: 'v1', kind: 'Secret' }, metadata: { '/a': '1', b: '2' } });
    expect(ownMetadata(core)).toEqual({ '/a': '1' });
    expect(mergeMetadata(core, { eventMetadata: {}, summary: null }).metadata).toEqual({ a: '1' });
  });

  test('an empty summary is none', () => {
    expect(mergeMetadata(event(), { eventMetadata: { summary: 'map' }, summary: '' })).toEqual({
      metadata: { summary: 'map' },
      conflicts: [],
    });
    expect(mergeMetadata(event(), { eventMetadata: {}, summary: '' }).metadata).toEqual({});
  });

  test('the key of the dedupe window is that of notification-controller', () => {
    const parts = 'event/name=web/namespace=apps/kind=Kustomization/message=done/revision=main@sha1:1/token=salt';
    expect(dedupeKey(raw)).toBe(createHash('sha256').update(parts).digest('hex'));
    expect(dedupeKey({ ...raw, severity: 'error', reason: 'Other' })).toBe(dedupeKey(raw));
    expect(dedupeKey({ ...raw, message: 'other' })).not.toBe(dedupeKey(raw));
  });
});

test.each([
  [`main@sha1:${sha}`, sha],
  [`env/dev@sha1:${sha}`, sha],
  [`sha1:${sha}`, sha],
  [`main/${sha}`, sha],
  [`HEAD/${sha}`, sha],
  [sha, sha],
  [`main@sha256:${'a'.repeat(64)}`, null],
  ['a'.repeat(64), 'a'.repeat(64)],
  ['main', null],
  ['../../../../../../../../../../user/repos', null],
  [`main@sha1:${'g'.repeat(40)}`, null],
  [`main@sha1:${sha.toUpperCase()}`, sha.toUpperCase()],
  [`main@${sha}`, null],
])('the commit of %s', (revision, hash) => {
  const read = (): string => commitHash(event({ metadata: { revision } }));
  if (hash === null) expect(read).toThrow(`failed to extract commit hash from '${revision}' revision`);
  else expect(read()).toBe(hash);
});

test('commit before originRevision before revision', () => {
  const [commit, originRevision, revision] = ['a', 'b', 'c'].map((digit) => digit.repeat(40)) as [
    string,
    string,
    string,
  ];
  expect(commitHash(event({ metadata: { commit, originRevision, revision } }))).toBe(commit);
  expect(commitHash(event({ metadata: { originRevision, revision } }))).toBe(originRevision);
  expect(() => commitHash(event())).toThrow('missing revision metadata');
});

test.each([
  ['ApplySucceeded', 'apply succeeded'],
  ['HTTPGetFailed', 'http get failed'],
  ['Sha256Bad', 'sha 256 bad'],
  ['Progressing', 'progressing'],
  ['', ''],
])('%s reads %p', (reason, text) => {
  expect(spacedReason(reason)).toBe(text);
});

test.each([
  ['git@git.acme.io:a/b.git', 'https://git.acme.io', 'a/b'],
  ['ssh://git@git.acme.io:2222/a/b', 'https://git.acme.io:2222', 'a/b'],
  ['https://user:secret@git.acme.io:8443/a/b.git', 'https://git.acme.io:8443', 'a/b'],
  ['http://git.acme.io/a/b/c/', 'http://git.acme.io', 'a/b/c'],
])('the address %s', (address, origin, id) => {
  expect(readGitAddress(address)).toMatchObject({ origin, id });
});

test.each(['', 'acme/shop', 'ftp://a/b', 'https://'])('%p is no address of a repository', (address) => {
  expect(readGitAddress(address)).toBeNull();
});

test('a status is known by object and provider', () => {
  expect(statusId(event(), '0C9C2E41-1111-4222-8333-444455556666')).toBe('kustomization/web/0c9c2e41');
});

test('a post in Markdown leaves the number of the change out', () => {
  expect(markdownPost(event({ severity: 'error', metadata: { change_request: '1', b: '2', a: '1' } }))).toBe(
    '## Flux Status\n\n⚠️ Kustomization/apps/web\n\ndone\n\nMetadata:\n* `a`: 1\n* `b`: 2\n',
  );
});

describe('shortening', () => {
  test('keeps the beginning and the end', () => {
    const text = `${'a'.repeat(50)}the error`;
    expect(shorten(text, 20)).toBe(`${'a'.repeat(14)}…error`);
    expect(shorten(text, 100)).toBe(text);
    expect(shorten('💥💥💥💥', 3)).toBe('💥💥…');
    expect(shorten('abc', 0)).toBe('');
  });

  test('finds the longest that keeps a limit', () => {
    const text = '💥'.repeat(1000);
    const short = fit(text, bytesOf, 1000);
    expect(bytesOf(short)).toBeLessThanOrEqual(1000);
    expect(bytesOf(short)).toBeGreaterThan(990);
    expect(fit('short', bytesOf, 1000)).toBe('short');
    expect(fit(text, () => 5, 1)).toBe('');
  });
});
