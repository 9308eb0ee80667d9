import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';

/** Whether `X-Hub-Signature-256` is of these very bytes. */
export type VerifySignature = (body: Uint8Array, signature: string) => boolean;

/**
 * Verifies HMACs made with one of the secrets (the current and, during a rotation, the one before). It takes the same time whether or not
 * one is. The keys are made ready once: from text each HMAC would cost several microseconds more.
 */
export function signatureVerifier(secrets: readonly string[]): VerifySignature {
  const keys = secrets.map((secret) => createSecretKey(secret, 'utf8'));
  return (body, signature) => {
    const given = /^sha256=([0-9a-f]{64})$/i.exec(signature)?.[1];
    if (given === undefined) return false;
    const digest = Buffer.from(given, 'hex');
    return keys.map((key) => timingSafeEqual(createHmac('sha256', key).update(body).digest(), digest)).includes(true);
  };
}
