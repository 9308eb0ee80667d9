import { generateKeyPair, type CryptoKey } from 'jose';

/** An RSA key of 2048 bits, for RS256. */
export interface SigningKeyPair {
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
}

/** Takes about 40 ms of one core: worlds that follow each other may share one. */
export const makeSigningKey = (): Promise<SigningKeyPair> => generateKeyPair('RS256');
