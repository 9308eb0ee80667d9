import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a signature was found to be; `digest` is the one that matched, so it can't be forged. */
export type Verification =
  | { readonly ok: true; readonly digest: string }
  | { readonly ok: false; readonly status: 400 | 401; readonly problem: string };

/**
 * `t=<seconds>,v1=<hex>[,v1=<hex>]`: for each key HMAC-SHA256 over the decimal seconds, a dot and the body's bytes. The key is the bytes of
 * its text, `whsec_` included.
 */
export function sign(keys: readonly string[], seconds: number, body: Uint8Array): string {
  return [`t=${seconds}`, ...keys.map((key) => `v1=${digestOf(key, seconds, body).toString('hex')}`)].join(',');
}

const digestOf = (key: string, seconds: number | string, body: Uint8Array): Buffer =>
  createHmac('sha256', key).update(`${seconds}.`).update(body).digest();

/**
 * Whether one of the keys has signed these very bytes, at a time that is not off by more than the tolerance, in either direction. Every
 * `v1` is tried with every key; schemes that this version does not know are skipped.
 *
 * @param header of `Zekt-Signature`; null: there is none
 * @param nowMs milliseconds since the epoch
 */
export function verifySignature(
  header: string | null,
  body: Uint8Array,
  keys: readonly string[],
  { nowMs, toleranceMs }: { readonly nowMs: number; readonly toleranceMs: number },
): Verification {
  if (header === null) return refused(401, 'there is no Zekt-Signature');
  const parts = partsOf(header);
  const times = parts?.filter(([scheme]) => scheme === 't') ?? [];
  const [time] = times;
  if (!parts || !time || times.length > 1 || !/^\d{1,12}$/.test(time[1]))
    return refused(400, 'Zekt-Signature is malformed');
  if (Math.abs(nowMs - Number(time[1]) * 1000) > toleranceMs)
    return refused(401, 'the signature is too old, or from the future');
  const given = parts.filter(([scheme, value]) => scheme === 'v1' && /^[0-9a-f]{64}$/.test(value));
  const expected = keys.map((key) => digestOf(key, time[1], body));
  for (const [, hex] of given) {
    const digest = Buffer.from(hex, 'hex');
    if (expected.some((it) => it.length === digest.length && timingSafeEqual(it, digest)))
      return { ok: true, digest: hex };
  }
  return refused(401, 'no signature in it is by a key of ours');
}

const refused = (status: 400 | 401, problem: string): Verification => ({ ok: false, status, problem });

/** A header with more is nobody's who means well: each costs a comparison with each key. */
const mostParts = 32;

/** Null: one of them is not `name=value`. */
function partsOf(header: string): (readonly [string, string])[] | null {
  const parts = header.split(',').map((part) => part.split('='));
  if (parts.length > mostParts) return null;
  const pairs = parts.flatMap(([name, value, ...rest]) =>
    name && value !== undefined && rest.length === 0 ? [[name.trim(), value.trim()] as const] : [],
  );
  return pairs.length === parts.length ? pairs : null;
}
