import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { readPrivateKey } from './private-key.ts';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pkcs1 = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

test.each([
  ['PKCS#1', pkcs1],
  ['PKCS#8', pkcs8],
  ['with escaped line ends', pkcs1.replaceAll('\n', '\\n')],
  ['in base64', Buffer.from(pkcs1).toString('base64')],
  ['with blanks around', `\n  ${pkcs8}  \n`],
])('a key in the form %s is read', (_, setting) => {
  expect(readPrivateKey(setting)).toBe(pkcs8);
});

test('what is no RSA key is refused without being quoted', () => {
  const { privateKey: ec } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  for (const setting of [
    'secret-nonsense',
    ec.export({ type: 'pkcs8', format: 'pem' }).toString(),
    pkcs1.slice(0, 300),
  ]) {
    expect(() => readPrivateKey(setting)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining(setting.slice(-14)) }),
    );
  }
});
