import { createECDH, createHash, createHmac, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';

/** The key that bodies of JWT and JWE targets are signed with: P-256, made from the server's own secret, so it needs no keeping. */
export class ServerKey {
  readonly alg = 'ES256';
  readonly kid: string;
  readonly #private: KeyObject;
  readonly #public: KeyObject;

  /** @param secret 32 bytes */
  constructor(secret: Uint8Array) {
    const { d, x, y } = pointOf(secret);
    this.#private = createPrivateKey({ key: { kty: 'EC', crv: 'P-256', d, x, y }, format: 'jwk' });
    this.#public = createPublicKey(this.#private);
    this.kid = createHash('sha256').update(`${x}.${y}`).digest('base64url').slice(0, 22);
  }

  get signing(): KeyObject {
    return this.#private;
  }

  /** As a JWK Set has it (RFC 7517, section 5). */
  get publicJwk(): object {
    return { ...this.#public.export({ format: 'jwk' }), kid: this.kid, alg: this.alg, use: 'sig' };
  }
}

/** A scalar that is too large for the curve is as good as impossible; then the next one is taken. */
function pointOf(secret: Uint8Array): { d: string; x: string; y: string } {
  for (let tries = 0; ; tries += 1) {
    const scalar = createHmac('sha256', secret).update(`hooks: P-256 ${tries}`).digest();
    const ecdh = createECDH('prime256v1');
    try {
      ecdh.setPrivateKey(scalar);
    } catch {
      continue;
    }
    const point = ecdh.getPublicKey();
    return {
      d: scalar.toString('base64url'),
      x: point.subarray(1, 33).toString('base64url'),
      y: point.subarray(33).toString('base64url'),
    };
  }
}
