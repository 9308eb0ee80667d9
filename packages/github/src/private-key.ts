import { createPrivateKey } from 'node:crypto';

/**
 * The App's private key in the form that signing wants (PKCS#8 PEM), from any form that people put into a setting: PKCS#1 or PKCS#8
 * PEM, with real or `\n`-escaped line ends, or the PEM in base64.
 *
 * @throws Error that never quotes the key
 */
export function readPrivateKey(setting: string): string {
  const text = setting.trim().replaceAll('\\n', '\n');
  const pem = text.startsWith('-----BEGIN') ? text : Buffer.from(text, 'base64').toString('utf8').trim();
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType !== 'rsa') throw new Error('not RSA');
    return key.export({ type: 'pkcs8', format: 'pem' }).toString();
  } catch {
    throw new Error('it is not an RSA private key in PEM form (PKCS#1 or PKCS#8, plain, \\n-escaped or base64)');
  }
}
