import { createHmac, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { HookTargetSpec } from '@zekt/contracts';
import type { Lookup } from '@zekt/egress';
import { compactDecrypt, compactVerify } from 'jose';
import { prepareCall, sendCall } from '../calls/call-target.ts';
import { changeScope } from '../manage/change-scope.ts';
import { changeTarget, removeTarget, rotateKey } from '../manage/change-target.ts';
import { ScopeHooks, staleAfterMs } from '../store/scope-hooks.ts';
import { openContext, type TestContext } from '../testing/open-context.ts';
import { activatePublicKey, addPublicKey, deactivatePublicKey, readPublicKey, removePublicKey } from './public-keys.ts';
import type { TargetDocument } from './target-document.ts';

const spec: HookTargetSpec = { type: 'restWebhook', endpoint: 'https://127.0.0.1/hook', timeout: '1s' };
const hourMs = 3_600_000;
let opened: TestContext;
beforeEach(() => {
  opened = openContext();
});
afterEach(() => opened.embedded.close());

const make = (id: string, more: Partial<HookTargetSpec> = {}) =>
  changeScope(opened.context, 'instance', { targets: [[id, { ...spec, ...more }]], executions: [] });
async function stored(id: string): Promise<TargetDocument> {
  const found = (await opened.context.scopes.now('instance')).targets[id];
  if (!found) throw new Error(`no ${id}`);
  return found;
}
const prepared = async (id: string) =>
  prepareCall(opened.context, id, await stored(id), { a: 1 }, { deliveryId: 'hook-1', attempt: 1 });
const header = (call: Awaited<ReturnType<typeof prepared>>, name: string): string | undefined =>
  call.headers.find(([it]) => it === name)?.[1];

describe('signing keys', () => {
  test('the key is told when the target is made, kept in the secret store alone, and not told again', async () => {
    const { madeKeys } = await make('a');
    const key = madeKeys.get('a') ?? '';
    expect(key).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect([...opened.secrets.values()]).toEqual([key]);
    expect(JSON.stringify(await stored('a'))).not.toContain(key);
    expect((await make('a', { timeout: '2s' })).madeKeys.size).toBe(0);
    expect([...opened.secrets.values()]).toEqual([key]);
  });

  test('a call is signed with it', async () => {
    const { madeKeys } = await make('a', { compatibility: 'zitadel' });
    const call = await prepared('a');
    const seconds = Math.floor(opened.clock.now() / 1000);
    const hex = createHmac('sha256', madeKeys.get('a') ?? '')
      .update(`${seconds}.{"a":1}`)
      .digest('hex');
    expect(header(call, 'Zekt-Signature')).toBe(`t=${seconds},v1=${hex}`);
    expect(header(call, 'ZITADEL-Signature')).toBe(header(call, 'Zekt-Signature'));
    expect(header(call, 'Zekt-Delivery')).toBe('hook-1');
    expect(header(call, 'webhook-id')).toBeUndefined();
  });

  test('within the grace of a rotation both keys sign, after it the new one alone', async () => {
    await make('a');
    const { signingKey } = await rotateKey(opened.context, 'instance', 'a', hourMs);
    const both = header(await prepared('a'), 'Zekt-Signature')?.split(',') ?? [];
    expect(both).toHaveLength(3);
    opened.clock.advance(hourMs);
    const seconds = Math.floor(opened.clock.now() / 1000);
    const hex = createHmac('sha256', signingKey).update(`${seconds}.{"a":1}`).digest('hex');
    expect(header(await prepared('a'), 'Zekt-Signature')).toBe(`t=${seconds},v1=${hex}`);
  });

  test('a rotation without grace ends the old key at once, and leaves nothing of it', async () => {
    const { madeKeys } = await make('a');
    const { signingKey } = await rotateKey(opened.context, 'instance', 'a', 0);
    expect(signingKey).not.toBe(madeKeys.get('a'));
    expect([...opened.secrets.values()]).toEqual([signingKey]);
    expect(header(await prepared('a'), 'Zekt-Signature')?.split(',')).toHaveLength(2);
  });

  test('a rotation that is refused leaves no key behind', async () => {
    await make('a');
    for (let n = 0; n < 4; n += 1) await rotateKey(opened.context, 'instance', 'a', hourMs);
    await expect(rotateKey(opened.context, 'instance', 'a', hourMs)).rejects.toMatchObject({ code: 'conflict' });
    expect(opened.secrets.size).toBe(5);
    await expect(rotateKey(opened.context, 'instance', 'b', 0)).rejects.toMatchObject({ code: 'not_found' });
    expect(opened.secrets.size).toBe(5);
  });

  test('a target that is removed takes its keys along; removing it again is no failure', async () => {
    await make('a');
    await removeTarget(opened.context, 'instance', 'a');
    await removeTarget(opened.context, 'instance', 'a');
    expect(opened.secrets.size).toBe(0);
  });

  test('a target whose key somebody took away is not called', async () => {
    await make('a');
    opened.secrets.clear();
    await expect(prepared('a')).rejects.toMatchObject({ failure: 'no_key' });
  });
});

describe('bounds', () => {
  test.each(['0s', '270001ms', '5m'])('a timeout of %s is refused', async (timeout) => {
    await expect(make('a', { timeout })).rejects.toMatchObject({ code: 'invalid_resource' });
    expect(opened.secrets.size).toBe(0);
  });

  test('a timeout of 270 s is taken', async () => {
    await make('a', { timeout: '4m30s' });
    expect((await stored('a')).spec.timeout).toBe('4m30s');
  });

  test.each(['ftp://127.0.0.1/', 'not a url', 'https://user:pass@127.0.0.1/'])(
    'the endpoint %s is refused',
    async (endpoint) => {
      await expect(make('a', { endpoint })).rejects.toMatchObject({ code: 'invalid_resource' });
    },
  );

  test('what is not waited for can interrupt nothing, and is refused aloud', async () => {
    await expect(make('a', { type: 'restAsync', interruptOnError: true })).rejects.toThrow('restAsync');
  });

  test('a target that events are told to does not become a restCall', async () => {
    await make('a');
    const executions = [['event:*', [{ target: 'a' }]]] as const;
    await changeScope(opened.context, 'instance', { targets: [], executions });
    await expect(make('a', { type: 'restCall' })).rejects.toMatchObject({ code: 'hook_target_unfit' });
  });

  test('a scope has a hundred targets at most', async () => {
    const many = Array.from({ length: 100 }, (_, n) => [`t${n}`, spec] as const);
    await changeScope(opened.context, 'instance', { targets: many, executions: [] });
    await expect(make('another')).rejects.toMatchObject({ code: 'hook_list_too_long' });
    expect(opened.secrets.size).toBe(100);
  });
});

describe('addresses', () => {
  const literal = [
    '10.0.0.1',
    '100.64.0.1',
    '127.0.0.2',
    '169.254.169.254',
    '172.16.0.1',
    '192.168.1.1',
    '198.18.0.1',
    '0.0.0.0',
    '168.63.129.16',
    '[::1]',
    '[::]',
    '[fd00::1]',
    '[fe80::1]',
    '[::ffff:10.0.0.1]',
    '2130706434',
    '0x7f000002',
  ];

  test.each(literal)('%s may be no endpoint', async (host) => {
    await expect(make('a', { endpoint: `https://${host}/` })).rejects.toMatchObject({ code: 'hook_endpoint_refused' });
    expect(opened.secrets.size).toBe(0);
  });

  const answering =
    (...answers: readonly string[]): Lookup =>
    (_, __, done) => {
      const rest = [...answers];
      answers = answers.slice(1);
      done(null, [{ address: rest[0] ?? '10.0.0.1', family: 4 }]);
    };

  test('a name that leads to a private address and one that leads nowhere are refused in the same words', async () => {
    const refusal = async (lookup: Lookup): Promise<unknown> => {
      const other = openContext({ lookup });
      const endpoint = 'https://hooks.example/';
      const targets = [['a', { ...spec, endpoint }]] as const;
      const error: unknown = await changeScope(other.context, 'instance', { targets, executions: [] }).catch(
        (it: unknown) => it,
      );
      await other.embedded.close();
      return error;
    };
    const away: Lookup = (_, __, done) => done(Object.assign(new Error('no'), { code: 'ENOTFOUND' }), []);
    const [inside, nowhere] = [await refusal(answering('10.0.0.1')), await refusal(away)];
    expect(inside).toMatchObject({ code: 'hook_endpoint_refused', message: (nowhere as Error).message });
  });

  test('a name that is public when the target is made, and private when it is called, is not dialled', async () => {
    const other = openContext({ lookup: answering('93.184.215.14', '10.0.0.1') });
    const targets = [['a', { ...spec, endpoint: 'https://rebinding.example/' }]] as const;
    const { after } = await changeScope(other.context, 'instance', { targets, executions: [] });
    const target = after.targets.a;
    if (!target) throw new Error('no target');
    const call = await prepareCall(other.context, 'a', target, {}, { deliveryId: 'hook-1', attempt: 1 });
    await expect(sendCall(other.context, call)).rejects.toMatchObject({ failure: 'refused_address' });
    await other.embedded.close();
  });

  test('http is for hosts that the operator named', async () => {
    const other = openContext({ lookup: answering('93.184.215.14', '93.184.215.14') });
    const over = (endpoint: string) =>
      changeScope(other.context, 'instance', { targets: [['a', { ...spec, endpoint }]], executions: [] });
    await expect(over('http://hooks.example/')).rejects.toThrow('https');
    await over('http://127.0.0.1/');
    await over('https://hooks.example/');
    await other.embedded.close();
  });
});

describe('JWT and JWE', () => {
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();
  const pemOf = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }).toString();
  const verified = async (jws: string) => {
    const { publicJwk } = opened.context.serverKey;
    return compactVerify(jws, createPublicKey({ key: publicJwk as never, format: 'jwk' }));
  };

  test('a JWT is the body, signed by the key that is published', async () => {
    await make('a', { payloadType: 'JWT' });
    const { bytes } = await prepared('a');
    const { payload, protectedHeader } = await verified(text(bytes));
    expect([text(payload), protectedHeader]).toEqual([
      '{"a":1}',
      { alg: 'ES256', kid: opened.context.serverKey.kid, typ: 'JWT' },
    ]);
    expect(Object.keys(opened.context.serverKey.publicJwk)).not.toContain('d');
  });

  test.each([
    ['RSA-OAEP-256', generateKeyPairSync('rsa', { modulusLength: 2048 })],
    ['ECDH-ES+A256KW', generateKeyPairSync('ec', { namedCurve: 'P-256' })],
  ])('a JWE with %s holds that JWT, for the active key alone', async (alg, { publicKey, privateKey }) => {
    await make('a', { payloadType: 'JWE' });
    await expect(prepared('a')).rejects.toMatchObject({ failure: 'no_key' });
    const facts = { id: 'key-1', expiresAt: opened.clock.now() + hourMs, addedAt: opened.clock.now() };
    const key = readPublicKey(pemOf(publicKey), facts);
    await changeTarget(opened.context, 'instance', 'a', (it) => ({
      ...it,
      publicKeys: activatePublicKey(addPublicKey(it.publicKeys, key), 'key-1'),
    }));
    const { bytes } = await prepared('a');
    const { plaintext, protectedHeader } = await compactDecrypt(text(bytes), privateKey);
    expect(protectedHeader).toMatchObject({ alg, enc: 'A256GCM', kid: 'key-1', typ: 'JWT', cty: 'JWT' });
    expect(text((await verified(text(plaintext))).payload)).toBe('{"a":1}');
    opened.clock.advance(hourMs);
    await expect(prepared('a')).rejects.toMatchObject({ failure: 'no_key' });
  });

  test('one key is active at a time; an active one is not removed', () => {
    const facts = { expiresAt: null, addedAt: 0 };
    const [one, two] = ['one', 'two'].map((id) =>
      readPublicKey(pemOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey), { id, ...facts }),
    );
    if (!one || !two) throw new Error('no keys');
    const keys = activatePublicKey(activatePublicKey([one, two], 'one'), 'two');
    expect(keys.map(({ active }) => active)).toEqual([false, true]);
    expect(() => removePublicKey(keys, 'two')).toThrow(expect.objectContaining({ code: 'hook_in_use' }));
    expect(removePublicKey(deactivatePublicKey(keys, 'two'), 'two').map(({ id }) => id)).toEqual(['one']);
    expect(() => addPublicKey(keys, { ...one, id: 'again' })).toThrow(expect.objectContaining({ code: 'conflict' }));
    expect(() => activatePublicKey(keys, 'none')).toThrow(expect.objectContaining({ code: 'not_found' }));
  });

  test('private keys, weak keys and other kinds are refused', () => {
    const read = (pem: string) => () => readPublicKey(pem, { id: 'k', expiresAt: null, addedAt: 0 });
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    expect(read(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())).toThrow('BEGIN PUBLIC KEY');
    expect(read(pemOf(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey))).toThrow('2048');
    expect(read(pemOf(generateKeyPairSync('ed25519').publicKey))).toThrow('RSA');
    expect(read('-----BEGIN PUBLIC KEY-----\nnonsense')).toThrow('can not be read');
    expect(() => readPublicKey(pemOf(publicKey), { id: 'k', expiresAt: 1, addedAt: 1 })).toThrow('ahead');
  });
});

describe('scopes', () => {
  test('each has its own, by the same names', async () => {
    const of = (scope: 'instance' | 'x.1', timeout: string) =>
      changeScope(opened.context, scope, { targets: [['a', { ...spec, timeout }]], executions: [] });
    await of('instance', '1s');
    await of('x.1', '2s');
    await removeTarget(opened.context, 'instance', 'a');
    expect((await opened.context.scopes.now('x.1')).targets.a?.spec.timeout).toBe('2s');
  });

  test('a change is seen at once where it was made, and elsewhere within a second', async () => {
    const elsewhere = new ScopeHooks(opened.embedded.store, opened.clock);
    const names = async (hooks: ScopeHooks): Promise<string[]> => Object.keys((await hooks.of('instance')).targets);
    expect([await names(elsewhere), await names(opened.context.scopes)]).toEqual([[], []]);
    await make('a');
    expect([await names(elsewhere), await names(opened.context.scopes)]).toEqual([[], ['a']]);
    opened.clock.advance(staleAfterMs);
    expect(await names(elsewhere)).toEqual(['a']);
  });

  test('two that change a scope at once both have their way', async () => {
    await Promise.all(['a', 'b', 'c'].map((id) => make(id)));
    expect(Object.keys((await opened.context.scopes.now('instance')).targets).sort()).toEqual(['a', 'b', 'c']);
    expect(opened.secrets.size).toBe(3);
  });

  test('two that make the same target at once make it once, with one key', async () => {
    const made = await Promise.all([make('a'), make('a')]);
    expect(made.map(({ madeKeys }) => madeKeys.size).sort()).toEqual([0, 1]);
    expect(opened.secrets.size).toBe(1);
    await expect(prepared('a')).resolves.toBeDefined();
  });
});
