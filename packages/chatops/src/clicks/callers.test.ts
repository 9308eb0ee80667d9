import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ZektError } from '@zekt/core';
import { ManualClock } from '@zekt/core/testing';
import { EntraSimulator, type EntraUser } from '@zekt/simulator';
import { botCaller } from './bot-caller.ts';
import { cardFailure } from './card-failure.ts';
import type { VerifyCardCaller } from './card-caller.ts';
import { entraCaller } from './entra-caller.ts';
import { identifyCaller } from './identify-caller.ts';
import { legacyCaller } from './legacy-caller.ts';

const tenant = 'a4c1e8d2-6b7f-4e09-9c35-1f2e3d4c5b6a';
const audience = 'api://auth-am-zekt';
const publicUrl = 'https://zekt.example';

let entra: EntraSimulator;
let ada: EntraUser;
let fetched = 0;
let verifiers: VerifyCardCaller[];
let clock: ManualClock;

beforeAll(async () => {
  entra = await EntraSimulator.start();
  ada = entra.addUser('ada@acme.example', tenant);
  clock = new ManualClock(Date.now());
  const counting = (input: string, init?: RequestInit): Promise<Response> => {
    fetched += 1;
    return fetch(input, init);
  };
  verifiers = [
    entraCaller({
      authority: entra.url,
      tenants: [tenant],
      audiences: [audience],
      clock,
      fetch: counting as typeof fetch,
    }),
    legacyCaller({ issuer: entra.legacyIssuer, publicUrl: () => publicUrl, clock, fetch: counting as typeof fetch }),
    botCaller({
      appId: 'bot-app',
      issuer: entra.botIssuer,
      discoveryUrl: `${entra.botIssuer}/.well-known/openidconfiguration`,
      clock,
      fetch: counting as typeof fetch,
    }),
  ];
});
afterAll(() => entra.stop());

const who = async (token: string, body: unknown = null, header = 'authorization') =>
  identifyCaller(verifiers, new Headers({ [header]: `Bearer ${token}` }), body);

describe('Entra', () => {
  test('says who by object id and tenant; names are for display', async () => {
    const changes = { preferred_username: 'ada@acme.example' };
    const person = await who(await entra.cardToken(ada, { audience, changes }));
    expect(person.actor).toEqual({ provider: 'entra', id: ada.objectId, tenant, name: 'ada@acme.example' });
  });

  test('is taken from Action-Authorization, too, which wins', async () => {
    const token = await entra.cardToken(ada, { audience });
    const headers = new Headers({
      authorization: 'Bearer of.something.else',
      'action-authorization': `Bearer ${token}`,
    });
    expect((await identifyCaller(verifiers, headers, null)).actor.id).toBe(ada.objectId);
  });

  test('of a tenant that is not configured is not trusted', async () => {
    const foreign = entra.addUser('eve@evil.example', crypto.randomUUID());
    await expect(who(await entra.cardToken(foreign, { audience }))).rejects.toMatchObject({
      code: 'issuer_not_trusted',
    });
  });

  test('a clock that is five minutes off is forgiven, six are not', async () => {
    const now = Math.floor(clock.now() / 1000);
    const token = (exp: number) => entra.cardToken(ada, { audience, changes: { iat: now - 900, nbf: now - 900, exp } });
    await expect(who(await token(now - 290))).resolves.toMatchObject({ actor: { id: ada.objectId } });
    await expect(who(await token(now - 310))).rejects.toMatchObject({ code: 'token_expired' });
  });

  test('that is slow to give its keys is waited for', async () => {
    entra.slowMs = 200;
    const fresh = [entraCaller({ authority: entra.url, tenants: [tenant], audiences: [audience], clock, fetch })];
    const headers = new Headers({ authorization: `Bearer ${await entra.cardToken(ada, { audience })}` });
    await expect(identifyCaller(fresh, headers, null)).resolves.toMatchObject({ actor: { id: ada.objectId } });
    entra.slowMs = 0;
  });

  test('that can not be asked for its keys is no refusal of who clicked', async () => {
    const away = async (): Promise<never> => {
      throw new TypeError('fetch failed');
    };
    const unknown = [
      entraCaller({ authority: entra.url, tenants: [tenant], audiences: [audience], clock, fetch: away }),
      legacyCaller({ issuer: entra.legacyIssuer, publicUrl: () => publicUrl, clock, fetch: away }),
    ];
    const tokens = [
      entra.cardToken(ada, { audience }),
      entra.cardToken(ada, { audience: publicUrl, version: 'legacy' as const }),
    ];
    for (const token of await Promise.all(tokens)) {
      const headers = new Headers({ authorization: `Bearer ${token}` });
      await expect(identifyCaller(unknown, headers, null)).rejects.toMatchObject({ code: 'issuer_unreachable' });
    }
  });

  test('a new key is fetched, but made-up key ids drive at most one fetch a minute', async () => {
    await entra.rotate();
    clock.advance(61_000);
    const before = fetched;
    const good = await entra.cardToken(ada, { audience });
    await expect(who(good)).resolves.toMatchObject({ actor: { id: ada.objectId } });
    expect(fetched - before).toBe(2);
    const [, claims = '', signature = ''] = good.split('.');
    for (let n = 0; n < 20; n += 1) {
      const header = Buffer.from(JSON.stringify({ alg: 'RS256', kid: `made-up-${n}` })).toString('base64url');
      await expect(who(`${header}.${claims}.${signature}`)).rejects.toMatchObject({ code: 'invalid_token' });
    }
    expect(fetched - before).toBe(2);
  });
});

describe('the retired issuer, where it is configured', () => {
  test('is for this server by its configured address', async () => {
    const person = await who(await entra.cardToken(ada, { audience: publicUrl, version: 'legacy' }));
    expect(person.actor).toMatchObject({ provider: 'entra', id: ada.objectId, tenant });
    const elsewhere = await entra.cardToken(ada, { audience: 'https://other.example', version: 'legacy' });
    await expect(who(elsewhere)).rejects.toMatchObject({ code: 'invalid_token' });
  });

  test.each([
    ['another application', { appid: crypto.randomUUID() }],
    ['an e-mail address for a person', { sub: 'ada@acme.example' }],
    ['no tenant', { tid: undefined }],
  ])('refuses %s', async (_, changes) => {
    const token = await entra.cardToken(ada, { audience: publicUrl, version: 'legacy', changes });
    await expect(who(token)).rejects.toMatchObject({ code: 'invalid_token' });
  });
});

describe('the Bot Connector', () => {
  const serviceUrl = 'https://smba.trafficmanager.net/emea/';
  const activity = (changes: object = {}) => ({
    serviceUrl,
    from: { aadObjectId: ada.objectId, name: 'Ada' },
    channelData: { tenant: { id: tenant } },
    ...changes,
  });

  test('says who in the activity', async () => {
    const person = await who(await entra.botToken('bot-app', serviceUrl), activity());
    expect(person.actor).toEqual({ provider: 'entra', id: ada.objectId, tenant, name: 'Ada' });
  });

  test.each([
    ['for another bot', 'other-bot', {}],
    ['for another service URL', 'bot-app', { serviceUrl: 'https://evil.example/' }],
    ['without a person', 'bot-app', { from: {} }],
    ['without a tenant', 'bot-app', { channelData: {} }],
  ])('%s is refused', async (_, appId, changes) => {
    await expect(who(await entra.botToken(appId, serviceUrl), activity(changes))).rejects.toMatchObject({
      code: 'invalid_token',
    });
  });

  test('without an activity is refused', async () => {
    await expect(who(await entra.botToken('bot-app', serviceUrl))).rejects.toMatchObject({ code: 'invalid_token' });
  });
});

describe('a person is shown by name or address', () => {
  test('where the retired issuer tells one', async () => {
    const changes = { upn: 'ada@acme.example' };
    const person = await who(await entra.cardToken(ada, { audience: publicUrl, version: 'legacy', changes }));
    expect(person.actor).toMatchObject({ id: ada.objectId, name: 'ada@acme.example' });
  });

  test('where an Entra token tells only a name', async () => {
    const person = await who(await entra.cardToken(ada, { audience, changes: { name: 'Ada L.' } }));
    expect(person.actor).toMatchObject({ id: ada.objectId, name: 'Ada L.' });
  });
});

describe('a click that fails', () => {
  test('is told why, where who clicked can not be told now', () => {
    expect(cardFailure(new ZektError('issuer_unreachable', 'x'), 'approved')).toEqual({
      code: 'issuer_unreachable',
      text: 'Not approved yet: the keys of the sign-in could not be fetched, so nobody can tell who clicked. Try again in a minute.',
    });
    expect(cardFailure(new ZektError('unavailable', 'GitHub is away.\r\nX: y'), 'rejected')).toEqual({
      code: 'unavailable',
      text: 'Not rejected yet: GitHub is away. X: y',
    });
    expect(cardFailure(new TypeError('secret'), 'approved')?.text).not.toContain('secret');
  });

  test.each(['missing_token', 'invalid_token', 'token_expired', 'issuer_not_trusted'] as const)(
    'with %s is told nothing',
    (code) => {
      expect(cardFailure(new ZektError(code, 'x'), 'approved')).toBeNull();
    },
  );
});

test.each(['', 'Basic abc', 'Bearer', 'Bearer a b', 'Bearer a,b', `Bearer ${'x'.repeat(20_000)}`])(
  'the header %p is no bearer token',
  async (authorization) => {
    const headers = new Headers(authorization === '' ? {} : { authorization });
    await expect(identifyCaller(verifiers, headers, null)).rejects.toMatchObject({ code: 'missing_token' });
  },
);
