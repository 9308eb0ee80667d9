import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { ZektError } from '@zekt/core';

/** A key that bodies are encrypted to. Times in milliseconds. */
export interface PublicKey {
  readonly id: string;
  /** SubjectPublicKeyInfo. */
  readonly pem: string;
  readonly fingerprint: string;
  readonly active: boolean;
  readonly expiresAt: number | null;
  readonly addedAt: number;
}

export const mostPublicKeys = 5;
const curves = ['prime256v1', 'secp384r1', 'secp521r1'];

const invalid = (why: string): ZektError => new ZektError('invalid_body', `Invalid public key: ${why}.`);

/**
 * Reads a key that is added. A private key is refused: nobody should have sent it.
 *
 * @throws ZektError `invalid_body`
 */
export function readPublicKey(pem: string, facts: Pick<PublicKey, 'id' | 'expiresAt' | 'addedAt'>): PublicKey {
  if (!/^\s*-----BEGIN PUBLIC KEY-----/.test(pem)) throw invalid("'pem' must begin with -----BEGIN PUBLIC KEY-----");
  if (facts.expiresAt !== null && !(facts.expiresAt > facts.addedAt)) throw invalid("'expiresAt' must be ahead");
  const key = parsed(pem);
  const { modulusLength = 0, namedCurve = '' } = key.asymmetricKeyDetails ?? {};
  const isFit =
    (key.asymmetricKeyType === 'rsa' && modulusLength >= 2048 && modulusLength <= 8192) ||
    (key.asymmetricKeyType === 'ec' && curves.includes(namedCurve));
  if (!isFit) throw invalid('it must be RSA of 2048 to 8192 bits, or EC on P-256, P-384 or P-521');
  const fingerprint = createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex');
  return { ...facts, pem: key.export({ type: 'spki', format: 'pem' }).toString(), fingerprint, active: false };
}

function parsed(pem: string): KeyObject {
  try {
    return createPublicKey({ key: pem, format: 'pem' });
  } catch (error) {
    throw Object.assign(invalid('it can not be read'), { cause: error });
  }
}

/** @throws ZektError `conflict` when it is there already, or there are too many */
export function addPublicKey(keys: readonly PublicKey[], key: PublicKey): readonly PublicKey[] {
  if (keys.some(({ fingerprint }) => fingerprint === key.fingerprint))
    throw new ZektError('conflict', `This key is there already; its fingerprint is ${key.fingerprint}.`);
  if (keys.length >= mostPublicKeys)
    throw new ZektError('conflict', `A target has at most ${mostPublicKeys} public keys. Remove one first.`);
  return [...keys, key];
}

/** Another key that was active is not any more. @throws ZektError `not_found` */
export function activatePublicKey(keys: readonly PublicKey[], id: string): readonly PublicKey[] {
  requireKey(keys, id);
  return keys.map((key) => ({ ...key, active: key.id === id }));
}

/** @throws ZektError `not_found` */
export function deactivatePublicKey(keys: readonly PublicKey[], id: string): readonly PublicKey[] {
  requireKey(keys, id);
  return keys.map((key) => (key.id === id ? { ...key, active: false } : key));
}

/** @throws ZektError `not_found`, or `hook_in_use` while it is active */
export function removePublicKey(keys: readonly PublicKey[], id: string): readonly PublicKey[] {
  if (requireKey(keys, id).active)
    throw new ZektError('hook_in_use', 'An active key is not removed: activate another, or deactivate it, first.');
  return keys.filter((key) => key.id !== id);
}

function requireKey(keys: readonly PublicKey[], id: string): PublicKey {
  const found = keys.find((key) => key.id === id);
  if (!found) throw new ZektError('not_found', `The target has no public key '${id.slice(0, 100)}'.`);
  return found;
}

/** The key to encrypt to now; undefined: there is none, so nothing can be sent. */
export const activeKey = (keys: readonly PublicKey[], nowMs: number): PublicKey | undefined =>
  keys.find(({ active, expiresAt }) => active && (expiresAt === null || expiresAt > nowMs));
