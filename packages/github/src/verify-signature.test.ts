import { expect, test } from '@jest/globals';
import { sign } from '@octokit/webhooks-methods';
import { signatureVerifier } from './verify-signature.ts';

const secret = 'a secret';
const text = '{"zen":"Ünï ✓"}';
const body = Buffer.from(text);

test("GitHub's own library signs what we accept", async () => {
  expect(signatureVerifier([secret])(body, await sign(secret, text))).toBe(true);
});

test('during a rotation both secrets count', async () => {
  expect(signatureVerifier(['new secret', secret])(body, await sign(secret, text))).toBe(true);
  expect(signatureVerifier(['new secret'])(body, await sign(secret, text))).toBe(false);
});

test('one changed byte is enough to refuse', async () => {
  const signature = await sign(secret, text);
  for (let index = 0; index < body.length; index += 1) {
    const changed = Buffer.from(body);
    changed[index] = (changed[index] ?? 0) ^ 1;
    expect(signatureVerifier([secret])(changed, signature)).toBe(false);
  }
});

test.each([[Buffer.from([0xef, 0xbb, 0xbf, 0x7b, 0x7d])], [Buffer.from([0xff, 0xfe, 0x00, 0x80])], [Buffer.alloc(0)]])(
  'the very bytes are signed, odd ones too: %#',
  async (odd) => {
    const { createHmac } = await import('node:crypto');
    expect(signatureVerifier([secret])(odd, `sha256=${createHmac('sha256', secret).update(odd).digest('hex')}`)).toBe(
      true,
    );
  },
);

test.each([
  '',
  'sha256=',
  'sha256=zz',
  `sha1=${'a'.repeat(40)}`,
  `sha256=${'a'.repeat(63)}`,
  `sha256=${'a'.repeat(65)}`,
  'a'.repeat(64),
  `sha256=${'a'.repeat(64)}\n`,
])('what is no signature is refused: %j', (signature) => {
  expect(signatureVerifier([secret])(body, signature)).toBe(false);
});
