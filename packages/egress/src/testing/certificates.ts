import 'reflect-metadata';
import { webcrypto as crypto } from 'node:crypto';
import {
  BasicConstraintsExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

/** PEM of a certificate and its key. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

export interface Authority {
  /** PEM. */
  readonly ca: string;
  /** Signs a certificate for a name and 127.0.0.1. */
  issue(name: string): Promise<Certificate>;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const [notBefore, notAfter] = [new Date(Date.now() - 3_600_000), new Date(Date.now() + 86_400_000)];

const pemOfKey = async (key: crypto.CryptoKey): Promise<string> =>
  PemConverter.encode(await crypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY');

/** A certificate authority that nobody trusts, for a day. For tests. */
export async function createAuthority(name: string): Promise<Authority> {
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const root = await X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: '01',
      name: `CN=${name}`,
      notBefore,
      notAfter,
      keys,
      signingAlgorithm: algorithm,
      extensions: [new BasicConstraintsExtension(true, 1, true)],
    },
    crypto,
  );
  let serial = 1;
  return {
    ca: root.toString('pem'),
    async issue(subject) {
      const own = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
      serial += 1;
      const certificate = await X509CertificateGenerator.create(
        {
          serialNumber: serial.toString(16).padStart(2, '0'),
          subject: `CN=${subject}`,
          issuer: root.subject,
          notBefore,
          notAfter,
          signingKey: keys.privateKey,
          publicKey: own.publicKey,
          signingAlgorithm: algorithm,
          extensions: [
            new SubjectAlternativeNameExtension([
              { type: 'dns', value: subject },
              { type: 'ip', value: '127.0.0.1' },
            ]),
          ],
        },
        crypto,
      );
      return { cert: certificate.toString('pem'), key: await pemOfKey(own.privateKey) };
    },
  };
}
