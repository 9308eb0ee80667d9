import { expect, test } from '@jest/globals';
import { sign, verifySignature } from '@zekt/hook-sdk';
import { signatureHeader } from './signatures.ts';

const vectors = [
  { keys: ['key'], seconds: 1_700_000_000, body: '{"a":1}' },
  { keys: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'whsec_b'], seconds: 1_700_000_001, body: '{"name":"é"}' },
  { keys: ['ключ'], seconds: 1, body: '' },
];

test.each(vectors)('the SDK takes what the server signs, and signs alike: $keys', ({ keys, seconds, body }) => {
  const bytes = Buffer.from(body);
  const header = signatureHeader(keys, seconds, bytes);
  expect(sign(keys, seconds, bytes)).toBe(header);
  for (const key of keys)
    expect(verifySignature(header, bytes, [key], { nowMs: seconds * 1000, toleranceMs: 1 }).ok).toBe(true);
  expect(verifySignature(header, bytes, ['other'], { nowMs: seconds * 1000, toleranceMs: 1 }).ok).toBe(false);
});
