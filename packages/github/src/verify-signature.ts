import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Whether `X-Hub-Signature-256` is the HMAC of these very bytes with one of the secrets (the current and, during a rotation, the one
 * before). Takes the same time whether or not it is.
 */
export function isSignedBy(secrets: readonly string[], body: Uint8Array, signature: string): boolean {
  const given = /^sha256=([0-9a-f]{64})$/i.exec(signature)?.[1];
  if (given === undefined) return false;
  const digest = Buffer.from(given, 'hex');
  return secrets
    .map((secret) => timingSafeEqual(createHmac('sha256', secret).update(body).digest(), digest))
    .includes(true);
}
