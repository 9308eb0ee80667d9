import { createHmac } from 'node:crypto';

/**
 * `t=<seconds>,v1=<hex>[,v1=<hex>]`: one `v1` for each key, HMAC-SHA256 over the decimal seconds, a dot and the body's very bytes. The key is
 * the bytes of its text. The same as ZITADEL's.
 */
export function signatureHeader(keys: readonly string[], seconds: number, body: Uint8Array): string {
  const signed = keys.map((key) => createHmac('sha256', key).update(`${seconds}.`).update(body).digest('hex'));
  return [`t=${seconds}`, ...signed.map((hex) => `v1=${hex}`)].join(',');
}

/** Headers of Standard Webhooks (standardwebhooks.com, "Signature scheme"): the key is what `whsec_` is followed by, as Base64. */
export function standardWebhooksHeaders(
  keys: readonly string[],
  id: string,
  seconds: number,
  body: Uint8Array,
): readonly (readonly [string, string])[] {
  const signed = keys.map((key) => {
    const secret = Buffer.from(key.replace(/^whsec_/, ''), 'base64');
    return `v1,${createHmac('sha256', secret).update(`${id}.${seconds}.`).update(body).digest('base64')}`;
  });
  return [
    ['webhook-id', id],
    ['webhook-timestamp', String(seconds)],
    ['webhook-signature', signed.join(' ')],
  ];
}
