import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { UnsecuredJWT } from 'jose';
import { ManualClock } from '@zekt/core/testing';
import { GitHubSimulator, type WorkflowRun } from '@zekt/simulator';
import { workflowTokenVerifier } from './verify-workflow-token.ts';

const audience = 'https://zekt.example';
let github: GitHubSimulator;
let other: GitHubSimulator;
let run: WorkflowRun;

beforeAll(async () => {
  github = await GitHubSimulator.start();
  other = await GitHubSimulator.start();
  run = github.world.startRun(github.repository('acme/requests'), { workflow: '.github/workflows/order.yaml' });
});
afterAll(async () => {
  await github.stop();
  await other.stop();
});

const verifier = (
  clock = new ManualClock(Date.now()),
  issuers = [github.issuer.url],
  fetchKeys: typeof fetch = fetch,
) =>
  workflowTokenVerifier({ issuers, audiences: () => [audience, 'https://also.example'] }, { clock, fetch: fetchKeys });
const mint = (changes: Record<string, unknown> = {}, aud: string | string[] = audience) =>
  github.issuer.mint(run, aud, changes);
const code = (expected: string) => expect.objectContaining({ code: expected });

test('a token says for whom it is: for this server, or for an audience that it takes besides', async () => {
  await expect(verifier()(await mint())).resolves.toMatchObject({ audience });
  await expect(verifier()(await mint({}, 'https://also.example'))).resolves.toMatchObject({
    audience: 'https://also.example',
  });
});

test('a good token tells who the workflow is, by ids', async () => {
  await expect(verifier()(await mint())).resolves.toMatchObject({
    issuer: github.issuer.url,
    repositoryId: String(run.repository.id),
    repositoryOwnerId: String(run.repository.owner.id),
    runId: String(run.id),
    runAttempt: 1,
    workflow: '.github/workflows/order.yaml',
    eventName: 'workflow_dispatch',
  });
});

test.each([
  ['the classic subject', 'repo:acme/requests:ref:refs/heads/main'],
  ['the immutable subject', 'repo:acme@101/requests@102:ref:refs/heads/main'],
  ['a custom subject', 'anything at all'],
])('%s makes no difference to identity', async (_, sub) => {
  await expect(verifier()(await mint({ sub }))).resolves.toMatchObject({ repositoryId: String(run.repository.id) });
});

describe('attacks', () => {
  const seconds = (offset: number): number => Math.floor(Date.now() / 1000) + offset;

  test.each([
    ['expired', { exp: -61, nbf: -1000 }, 'token_expired'],
    ['not yet valid', { nbf: 90 }, 'token_not_yet_valid'],
  ])('%s', async (_, times, expected) => {
    const changes = Object.fromEntries(Object.entries(times).map(([claim, offset]) => [claim, seconds(offset)]));
    await expect(verifier()(await mint(changes))).rejects.toEqual(code(expected));
  });

  test('a minute of clock skew is allowed, both ways', async () => {
    await expect(verifier()(await mint({ exp: seconds(-50) }))).resolves.toBeDefined();
    await expect(verifier()(await mint({ nbf: seconds(50) }))).resolves.toBeDefined();
  });

  test.each([
    ['another audience', 'api://other'],
    ['the one that is every server’s, unless it is said to be taken', 'api://zekt'],
    ['the default audience', 'https://github.com/acme'],
    ['several audiences, ours among them', [audience, 'api://other']],
    ['ours in a list', [audience]],
  ])('%s', async (_, aud) => {
    await expect(verifier()(await mint({}, aud))).rejects.toEqual(code('wrong_audience'));
  });

  test.each([
    'exp',
    'nbf',
    'iat',
    'jti',
    'aud',
    'repository_id',
    'repository_owner_id',
    'run_id',
    'run_attempt',
    'workflow_ref',
    'event_name',
  ])('without the claim %s', async (claim) => {
    await expect(verifier()(await mint({ [claim]: undefined }))).rejects.toEqual(code('invalid_token'));
  });

  test.each([
    ['a number', 101],
    ['not decimal', '0x65'],
    ['with a separator of keys', '101:5'],
    ['with a leading zero', '0101'],
    ['empty', ''],
    ['an array', ['101']],
  ])('a repository id that is %s', async (_, id) => {
    await expect(verifier()(await mint({ repository_id: id }))).rejects.toEqual(code('invalid_token'));
  });

  test.each([
    ['of another repository', 'mallory/requests/.github/workflows/order.yaml@refs/heads/main'],
    ['at a short ref', 'acme/requests/.github/workflows/order.yaml@main'],
    ['at no ref', 'acme/requests/.github/workflows/order.yaml'],
    ['that lies elsewhere', 'acme/requests/order.yaml@refs/heads/main'],
  ])('a workflow %s', async (_, workflowRef) => {
    await expect(verifier()(await mint({ workflow_ref: workflowRef }))).rejects.toEqual(code('invalid_token'));
  });

  test('a workflow file whose name only begins like another', async () => {
    const token = await mint({ workflow_ref: 'acme/requests/.github/workflows/order.yaml@evil.yaml@refs/heads/main' });
    await expect(verifier()(token)).resolves.toMatchObject({ workflow: '.github/workflows/order.yaml@evil.yaml' });
  });

  test('an issuer that is not on the list, however similar', async () => {
    const foreign = await other.issuer.mint(run, audience);
    await expect(verifier()(foreign)).rejects.toEqual(code('issuer_not_trusted'));
    await expect(verifier()(await mint({ iss: `${github.issuer.url}/` }))).rejects.toEqual(code('issuer_not_trusted'));
    await expect(verifier()(await mint({ iss: `${github.issuer.url}/evil` }))).rejects.toEqual(
      code('issuer_not_trusted'),
    );
  });

  test("another issuer's key under a trusted issuer's name", async () => {
    const forged = await other.issuer.mint(run, audience, { iss: github.issuer.url });
    await expect(verifier()(forged)).rejects.toEqual(code('invalid_token'));
  });

  test('a token that does not say which key signed it', async () => {
    const [, payload, signature] = (await mint()).split('.');
    const header = Buffer.from(JSON.stringify({ alg: 'RS256' })).toString('base64url');
    await expect(verifier()([header, payload, signature].join('.'))).rejects.toMatchObject({
      code: 'invalid_token',
      message: expect.stringContaining("no 'kid'"),
    });
  });

  test('a changed payload', async () => {
    const [header, , signature] = (await mint()).split('.');
    const [, payload] = (await mint({ repository_id: '999' })).split('.');
    await expect(verifier()([header, payload, signature].join('.'))).rejects.toEqual(code('invalid_token'));
  });

  test('alg none', async () => {
    const token = new UnsecuredJWT({ iss: github.issuer.url, aud: audience }).setExpirationTime('5m').encode();
    await expect(verifier()(token)).rejects.toEqual(code('invalid_token'));
  });

  test('HS256 with the public key as its secret', async () => {
    const jwks = (await (await fetch(`${github.issuer.url}/.well-known/jwks`)).json()) as {
      keys: { kid: string; n: string }[];
    };
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const [, payload] = (await mint()).split('.');
    const signed = `${encode({ alg: 'HS256', typ: 'JWT', kid: jwks.keys[0]?.kid })}.${payload ?? ''}`;
    const signature = createHmac('sha256', jwks.keys[0]?.n ?? '')
      .update(signed)
      .digest('base64url');
    await expect(verifier()(`${signed}.${signature}`)).rejects.toEqual(code('invalid_token'));
  });

  test.each(['', 'x', 'a.b.c', '..', 'e30.e30.', 'x'.repeat(20_000)])('what is no token: %#', async (token) => {
    await expect(verifier()(token)).rejects.toEqual(code('invalid_token'));
  });

  test('no refusal quotes the token', async () => {
    const token = await mint({ exp: seconds(-1000) });
    const error = (await verifier()(token).catch((it: unknown) => it)) as Error;
    expect(error.message).not.toContain(token.slice(0, 20));
  });
});

describe('keys', () => {
  function counting(): { fetch: typeof fetch; count: () => number } {
    let count = 0;
    return {
      fetch: async (...args) => {
        count += 1;
        return fetch(...args);
      },
      count: () => count,
    };
  }

  test('are fetched once for many tokens, those at the same time too', async () => {
    const { fetch: counted, count } = counting();
    const verify = verifier(undefined, undefined, counted);
    await Promise.all(Array.from({ length: 20 }, async () => verify(await mint())));
    expect(count()).toBe(2);
  });

  test('a rotated key is found when its token comes', async () => {
    const clock = new ManualClock(Date.now());
    const verify = verifier(clock);
    await verify(await mint());
    await github.issuer.rotate();
    clock.advance(31_000);
    await expect(verify(await mint())).resolves.toBeDefined();
  });

  test('made-up key ids can not drive fetches', async () => {
    const { fetch: counted, count } = counting();
    const verify = verifier(new ManualClock(Date.now()), undefined, counted);
    await verify(await mint());
    const [, payload, signature] = (await mint()).split('.');
    for (let n = 0; n < 20; n += 1) {
      const header = Buffer.from(JSON.stringify({ alg: 'RS256', kid: `made-up-${n}` })).toString('base64url');
      await expect(verify([header, payload, signature].join('.'))).rejects.toEqual(code('invalid_token'));
    }
    expect(count()).toBe(2);
  });

  test('old keys serve while the issuer is down, however long', async () => {
    let isDown = false;
    const clock = new ManualClock(Date.now());
    const verify = verifier(clock, undefined, async (...args) =>
      isDown ? Promise.reject(new Error('down')) : fetch(...args),
    );
    await verify(await mint());
    isDown = true;
    clock.advance(60 * 60_000);
    const late = Math.floor(clock.now() / 1000);
    await expect(verify(await mint({ exp: late + 100 }))).resolves.toBeDefined();
  });

  test('an issuer that never answered is 503, not a refusal of the token', async () => {
    const verify = verifier(undefined, undefined, async () => Promise.reject(new Error('down')));
    await expect(verify(await mint())).rejects.toEqual(code('issuer_unreachable'));
  });

  test('an issuer that is down is not asked for each request, and is asked again soon', async () => {
    let asked = 0;
    const clock = new ManualClock(Date.now());
    const verify = verifier(clock, undefined, async () => {
      asked += 1;
      return Promise.reject(new Error('down'));
    });
    for (let n = 0; n < 50; n += 1) await expect(verify(await mint())).rejects.toEqual(code('issuer_unreachable'));
    expect(asked).toBe(1);
    clock.advance(5000);
    await expect(verify(await mint())).rejects.toMatchObject({ retryAfterMs: 5000 });
    expect(asked).toBe(2);
  });

  test('a discovery document of another issuer is not believed', async () => {
    const verify = verifier(undefined, undefined, async () =>
      Response.json({ issuer: 'https://evil.example', jwks_uri: `${github.issuer.url}/.well-known/jwks` }),
    );
    await expect(verify(await mint())).rejects.toEqual(code('issuer_unreachable'));
  });
});
