import { generateKeyPairSync } from 'node:crypto';

/** A private key of a GitHub App: PKCS#1 PEM, the form that GitHub hands out. Takes about 40 ms: worlds that follow each other may share one. */
export const makeAppKey = (): string =>
  generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
