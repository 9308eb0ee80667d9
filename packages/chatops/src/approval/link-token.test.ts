import { describe, expect, test } from '@jest/globals';
import { checkLinkToken, makeLinkToken } from './link-token.ts';
import { SigningKeys } from './signing-keys.ts';

const secret = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const keys = new SigningKeys([{ id: 'new', secret: secret(1) }]);
const now = Date.UTC(2026, 10, 22);
const id = `apr_${'a'.repeat(32)}`;
const token = makeLinkToken(keys, id, 'approve', now + 60_000);

test('holds for its approval, its purpose and its time', () => {
  expect(checkLinkToken(keys, token, id, 'approve', now)).toBe('valid');
  expect(checkLinkToken(keys, token, id, 'approve', now + 60_000)).toBe('expired');
  expect(checkLinkToken(keys, token, id, 'reject', now)).toBe('invalid');
  expect(checkLinkToken(keys, token, id, 'view', now)).toBe('invalid');
  expect(checkLinkToken(keys, token, `apr_${'b'.repeat(32)}`, 'approve', now)).toBe('invalid');
});

test('is new each time', () => {
  expect(makeLinkToken(keys, id, 'approve', now + 60_000)).not.toBe(token);
});

test('does not hold with any character changed, added or left out', () => {
  for (let at = 0; at < token.length; at += 1) {
    const other = token[at] === 'A' ? 'B' : 'A';
    for (const forged of [token.slice(0, at) + other + token.slice(at + 1), token.slice(0, at) + token.slice(at + 1)])
      expect([at, checkLinkToken(keys, forged, id, 'approve', now)]).toEqual([at, 'invalid']);
  }
  for (const forged of [null, '', '.', 'a.b.c', `${token}A`, `${token}.`, 'x'.repeat(5000)])
    expect(checkLinkToken(keys, forged, id, 'approve', now)).toBe('invalid');
});

describe('keys', () => {
  test('an old key is believed as long as it is listed', () => {
    const rotated = new SigningKeys([
      { id: 'newer', secret: secret(2) },
      { id: 'new', secret: secret(1) },
    ]);
    expect(checkLinkToken(rotated, token, id, 'approve', now)).toBe('valid');
    const forgotten = new SigningKeys([{ id: 'newer', secret: secret(2) }]);
    expect(checkLinkToken(forgotten, token, id, 'approve', now)).toBe('invalid');
    const other = new SigningKeys([{ id: 'new', secret: secret(3) }]);
    expect(checkLinkToken(other, token, id, 'approve', now)).toBe('invalid');
  });

  test('a form is not signed with the key of links', () => {
    const { keyId, mac } = keys.sign('forms', 'text');
    expect(keys.isSigned('links', keyId, 'text', mac)).toBe(false);
    expect(keys.isSigned('forms', keyId, 'text', mac)).toBe(true);
  });
});
