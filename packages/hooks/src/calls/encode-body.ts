import { createPublicKey } from 'node:crypto';
import { CompactEncrypt, CompactSign } from 'jose';
import { activeKey } from '../targets/public-keys.ts';
import type { TargetDocument } from '../targets/target-document.ts';
import type { ServerKey } from './server-key.ts';

/**
 * The bytes that a target is sent: JSON; or that signed, as a compact JWS; or that JWS in a compact JWE to the target's active key.
 *
 * @returns null where a JWE has no key to be encrypted to
 */
export async function encodeBody(
  body: object,
  { spec, publicKeys }: Pick<TargetDocument, 'spec' | 'publicKeys'>,
  serverKey: ServerKey,
  nowMs: number,
): Promise<Uint8Array | null> {
  const json = Buffer.from(JSON.stringify(body));
  const { payloadType = 'JSON' } = spec;
  if (payloadType === 'JSON') return json;
  const signed = await new CompactSign(json)
    .setProtectedHeader({ alg: serverKey.alg, kid: serverKey.kid, typ: 'JWT' })
    .sign(serverKey.signing);
  if (payloadType === 'JWT') return Buffer.from(signed);
  const key = activeKey(publicKeys, nowMs);
  if (!key) return null;
  const publicKey = createPublicKey(key.pem);
  const alg = publicKey.asymmetricKeyType === 'rsa' ? 'RSA-OAEP-256' : 'ECDH-ES+A256KW';
  const sealed = await new CompactEncrypt(Buffer.from(signed))
    .setProtectedHeader({ alg, enc: 'A256GCM', kid: key.id, typ: 'JWT', cty: 'JWT' })
    .encrypt(publicKey);
  return Buffer.from(sealed);
}
