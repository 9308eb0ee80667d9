import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ProviderSpec } from '@zekt/contracts';
import type { Secrets } from '@zekt/core';
import { putSecret, secretName } from '../resources/secret-values.ts';
import { displayAddress, Mask } from './mask.ts';
import { resolveProvider } from './resolve-config.ts';

function memorySecrets(values: Record<string, string> = {}): Secrets {
  const map = new Map(Object.entries(values));
  return {
    get: async (name) => map.get(name) ?? null,
    set: async (name, value) => void map.set(name, value),
    remove: async (name) => void map.delete(name),
    names: async () => [...map.keys()].sort(),
  };
}
const nothing = { get: () => undefined, set: () => undefined };

const resolve = (spec: ProviderSpec, values: Record<string, object | string> = {}, proxy = '') =>
  resolveProvider(
    {
      secrets: memorySecrets(
        Object.fromEntries(
          Object.entries(values).map(([name, it]) => [
            secretName({ namespace: 'default', name }),
            typeof it === 'string' ? it : JSON.stringify(it),
          ]),
        ),
      ),
      remembered: () => nothing,
      proxyFor: () => proxy,
    },
    { namespace: 'default', name: 'it', uid: 'uid', spec },
  );
const address = 'https://acme.io/hook';

describe('spec and secret', () => {
  test('the secret wins, each key by itself, and nothing has white space around it', async () => {
    const found = await resolve(
      {
        type: 'slack',
        address: 'https://spec',
        username: 'spec',
        channel: 'ops',
        timeout: '1m30s',
        secretRef: { name: 's' },
      },
      { s: { address: ` ${address}\n`, token: 't\n', password: 'p' } },
    );
    expect(found).toMatchObject({
      config: { address, username: 'spec', password: 'p', token: 't', channel: 'ops' },
      route: { timeoutMs: 90_000 },
    });
    expect(await resolve({ type: 'slack', address })).toMatchObject({ route: { timeoutMs: 15_000 } });
  });

  test('a secret can be one value', async () => {
    expect(await resolve({ type: 'slack', secretRef: { name: 's', key: 'address' } }, { s: address })).toMatchObject({
      config: { address },
    });
  });

  test('headers are YAML in the secret', async () => {
    const spec: ProviderSpec = { type: 'generic', address, headers: { A: '1', B: '1' }, secretRef: { name: 's' } };
    expect(await resolve(spec, { s: { headers: 'B: 2\nC: three' } })).toMatchObject({
      config: { headers: { A: '1', B: '2', C: 'three' } },
    });
    for (const headers of ['- a', 'a: [', 'bad name: 1'])
      expect(await resolve(spec, { s: { headers } })).toEqual({
        problems: ["'headers' in the secret must be a YAML map of names and values"],
      });
  });

  test('old names of certificates are read, new ones win', async () => {
    const spec: ProviderSpec = { type: 'generic', address, certSecretRef: { name: 'c' } };
    expect(await resolve(spec, { c: { caFile: 'old', 'ca.crt': 'new', certFile: 'c', keyFile: 'k' } })).toMatchObject({
      route: { tls: { ca: 'new', cert: 'c', key: 'k' } },
    });
    expect(await resolve(spec, { c: { 'tls.crt': 'c' } })).toEqual({ problems: ['tls.crt and tls.key go together'] });
    const status: ProviderSpec = { type: 'gitea', address: 'https://g.io/a/b', secretRef: { name: 's' } };
    expect(await resolve(status, { s: { token: 't', caFile: 'ca' } })).toMatchObject({ route: { tls: { ca: 'ca' } } });
  });

  test('the proxy: its own secret before the spec before the secret before the environment', async () => {
    const base: ProviderSpec = { type: 'slack', address, secretRef: { name: 's' } };
    const s = { proxy: 'http://secret:3128' };
    expect(await resolve(base, { s: {} }, 'http://env:3128')).toMatchObject({
      route: { proxy: { url: 'http://env:3128', isTrusted: true } },
    });
    expect(await resolve(base, { s }, 'http://env:3128')).toMatchObject({ route: { proxy: { url: s.proxy } } });
    const spec = { ...base, proxy: 'http://spec:3128' };
    expect(await resolve(spec, { s })).toMatchObject({ route: { proxy: { url: 'http://spec:3128' } } });
    const p = { address: 'socks5://own:1080', username: 'u', password: 'p' };
    expect(await resolve({ ...spec, proxySecretRef: { name: 'p' } }, { s, p })).toMatchObject({
      route: { proxy: { url: 'socks5://own:1080', username: 'u', password: 'p', isTrusted: false } },
    });
    expect(await resolve({ ...base, proxy: 'ftp://x' }, { s: {} })).toEqual({
      problems: ['the proxy must be an http, https or socks5 URL'],
    });
  });
});

test.each<[ProviderSpec, object, string]>([
  [{ type: 'slack' }, {}, 'address is missing'],
  [{ type: 'slack', address: '/relative' }, {}, 'address must be'],
  [{ type: 'slack', address: 'https://slack.com/api/chat.postMessage' }, {}, 'channel is missing'],
  [{ type: 'discord', address: 'ftp://x/y' }, {}, 'address must be an http or https URL'],
  [{ type: 'generic-hmac', address }, {}, 'token is missing'],
  [{ type: 'telegram', channel: 'c' }, {}, 'token is missing'],
  [{ type: 'zulip', address, channel: 'ops', username: 'u' }, { password: 'p' }, 'channel must be stream/topic'],
  [{ type: 'sentry', address: 'https://sentry.io/1' }, {}, 'address must be a DSN'],
  [{ type: 'github', address: 'https://github.com/a/b/c' }, { token: 't' }, 'address must be a repository'],
  [{ type: 'github', address: 'https://github.com/a/b' }, {}, 'token is missing'],
  [{ type: 'github', address: 'https://github.com/a/b' }, { githubAppID: '1' }, 'githubAppPrivateKey is missing'],
  [{ type: 'gitlab', address: 'https://gitlab.com/a' }, { token: 't' }, 'address must be a project'],
  [{ type: 'bitbucket', address: 'https://bitbucket.org/a/b' }, { token: 't' }, 'token must be user:app-password'],
  [
    { type: 'azuredevops', address: 'git@ssh.dev.azure.com:v3/o/p/r' },
    { token: 't' },
    'address must be https://HOST/ORG',
  ],
  [{ type: 'bitbucketserver', address: 'https://bb.io/a/b' }, { token: 't' }, 'address must be a clone URL'],
  [{ type: 'azureeventhub', address: 'hub', channel: 'ns' }, {}, 'token is missing'],
  [
    {
      type: 'azureeventhub',
      address: 'Endpoint=sb://ns.servicebus.windows.net/;SharedAccessKeyName=n;SharedAccessKey=k',
    },
    {},
    'EntityPath',
  ],
  [{ type: 'nats', address: 'https://x', channel: 'a' }, {}, 'address must be nats://'],
  [{ type: 'nats', address: 'nats://x', channel: 'a.>' }, {}, 'subject without wildcards'],
  [{ type: 'googlepubsub', address: 'p', channel: 't' }, { token: '{}' }, 'JSON key of a service account'],
])('%j with %j: %s', async (spec, secret, problem) => {
  const found = await resolve({ ...spec, secretRef: { name: 's' } }, { s: secret });
  expect('problems' in found ? found.problems.join('; ') : '').toContain(problem);
});

describe('names in the secret store', () => {
  test('are readable, and never shared', () => {
    expect(secretName({ namespace: 'default', name: 'slack-url' })).toBe('slack-url');
    expect(secretName({ namespace: 'flux-system', name: 'slack-url' })).toBe('flux-system--slack-url');
    const keys = [
      ['team-a', 'creds'],
      ['a', 'b--c'],
      ['a--b', 'c'],
      ['default', 'a--b--c'],
      ['a', 'b.c'],
      ['a', 'b-c'],
      ['a', '-b'],
      ['a-', 'b'],
      ['a'.repeat(60), 'b'.repeat(60)],
      ['a'.repeat(60), 'b'.repeat(61)],
      ['default', 'x'],
      ['default', '.'],
    ];
    const nameOf = ([namespace = '', name = '']: readonly string[]): string => secretName({ namespace, name });
    const names = keys.map(nameOf);
    expect(nameOf(['default', 'team-a--creds'])).not.toBe(nameOf(['team-a', 'creds']));
    // Whoever names a Secret like the place of another's gets a place of his own.
    const imitations = names.flatMap((name) => [nameOf(['default', name]), nameOf(['other', name])]);
    expect(new Set([...names, ...imitations]).size).toBe(names.length + imitations.length);
    for (const name of [...names, ...imitations]) expect(name).toMatch(/^[a-z0-9][a-z0-9-]{0,62}[a-z0-9]$/);
  });

  test('of any two Secrets are different', () => {
    const part = fc.string({ unit: fc.constantFrom('a', 'b', '-', '.'), minLength: 1, maxLength: 6 });
    const key = fc.record({ namespace: fc.oneof(fc.constant('default'), part), name: part });
    fc.assert(
      fc.property(key, key, (one, other) => {
        const isSame = one.namespace === other.namespace && one.name === other.name;
        expect(secretName(one) === secretName(other)).toBe(isSame);
      }),
    );
  });

  test('what changed is told by key', async () => {
    const secrets = memorySecrets();
    const resource = (stringData: Record<string, string>) =>
      ({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, stringData }) as const;
    const put = (stringData: Record<string, string>) => putSecret(secrets, { dryRun: false }, resource(stringData));
    expect(await put({ token: 'canary1', a: 'canary2' })).toMatchObject({ action: 'created' });
    expect(await put({ token: 'canary3' })).toMatchObject({
      action: 'updated',
      changes: ['a: *** -> nothing', 'token: *** -> ***'],
    });
    expect(await put({ token: 'canary3' })).toMatchObject({ action: 'unchanged', changes: [] });
    await expect(put({ token: 'ENC[AES256_GCM,data:x]' })).rejects.toThrow('is encrypted with SOPS');
    const bad = { ...resource({}), data: { token: 'no base64!' } };
    await expect(putSecret(secrets, { dryRun: false }, bad)).rejects.toThrow("'data.token' is not Base64");
  });
});

describe('masks', () => {
  test.each([
    ['slack', 'https://hooks.slack.com/services/T/B/x', 'https://hooks.slack.com/***'],
    ['generic', 'https://user:pass@acme.io/', 'https://acme.io/***'],
    ['generic', 'https://acme.io/', 'https://acme.io/'],
    ['sentry', 'https://key@sentry.io/1', 'https://sentry.io/***'],
    ['azureeventhub', 'Endpoint=sb://ns/;SharedAccessKey=k', 'Endpoint=sb://ns/;***'],
    ['azureeventhub', 'hub', 'hub'],
    ['github', 'https://user:pass@github.com/a/b', 'https://***@github.com/a/b'],
    ['nats', 'nats://user:pass@nats:4222', 'nats://***@nats:4222'],
    ['slack', 'not an address', '***'],
  ])('%s %s', (type, given, shown) => {
    expect(displayAddress(type, given)).toBe(shown);
  });

  test('nothing of a configuration is left in a text', async () => {
    const found = await resolve(
      { type: 'generic', secretRef: { name: 's' }, proxy: 'http://u:canary-proxy@p:1' },
      {
        s: {
          address: 'https://acme.io/canary-path?sig=canary%20query',
          token: 'canary-token',
          password: 'canary-password',
          headers: 'Authorization: Bearer canary-header',
          other: 'canary-other',
        },
      },
    );
    if ('problems' in found) throw new Error(found.problems.join());
    const mask = new Mask(found.config, found.route.proxy, found.route.tls);
    const text = `POST https://acme.io/canary-path?sig=canary%20query canary query canary-token canary-password "Bearer canary-header" canary-other http://u:canary-proxy@p:1`;
    expect(mask.text(text)).not.toContain('canary');
    expect(mask.header('Authorization', 'Bearer x')).toBe('***');
    expect(mask.header('Content-Type', 'application/json')).toBe('application/json');
  });
});
