import { createHmac, createPrivateKey, createPublicKey, hkdfSync, timingSafeEqual, type KeyObject } from 'node:crypto';

/** One generation of keys, all made of one secret. */
interface Generation {
  readonly id: string;
  readonly links: Buffer;
  readonly forms: Buffer;
  readonly evidence: KeyObject;
}

/** The fixed beginning of an Ed25519 private key in PKCS#8 (RFC 8410); the seed follows. */
const ed25519Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * What Zekt signs for approvals: links in cards, forms of the page, and evidence. Made of secrets of 32 bytes, each with an id; the first
 * signs, all are believed, so keys can be changed without breaking links that are out.
 */
export class SigningKeys {
  readonly #generations: readonly [Generation, ...Generation[]];

  /** @param secrets `id` and 32 bytes each, the current one first */
  constructor(secrets: readonly [SigningSecret, ...SigningSecret[]]) {
    const [first, ...others] = secrets;
    this.#generations = [generationOf(first), ...others.map(generationOf)];
  }

  /** Signs for one kind of thing. */
  sign(use: 'links' | 'forms', text: string): { readonly keyId: string; readonly mac: Buffer } {
    const [{ id, [use]: key }] = this.#generations;
    return { keyId: id, mac: createHmac('sha256', key).update(text).digest() };
  }

  /** In constant time. */
  isSigned(use: 'links' | 'forms', keyId: string, text: string, mac: Buffer): boolean {
    const generation = this.#generations.find(({ id }) => id === keyId);
    if (!generation) return false;
    const expected = createHmac('sha256', generation[use]).update(text).digest();
    return mac.length === expected.length && timingSafeEqual(mac, expected);
  }

  get evidence(): { readonly keyId: string; readonly key: KeyObject } {
    const [{ id, evidence }] = this.#generations;
    return { keyId: id, key: evidence };
  }

  publicKeys(): readonly { readonly keyId: string; readonly key: KeyObject }[] {
    return this.#generations.map(({ id, evidence }) => ({ keyId: id, key: createPublicKey(evidence) }));
  }
}

export interface SigningSecret {
  readonly id: string;
  /** 32 bytes. */
  readonly secret: Uint8Array;
}

function generationOf({ id, secret }: SigningSecret): Generation {
  const derive = (use: string): Buffer => Buffer.from(hkdfSync('sha256', secret, '', `zekt approvals: ${use}`, 32));
  const evidence = createPrivateKey({
    key: Buffer.concat([ed25519Prefix, derive('evidence')]),
    format: 'der',
    type: 'pkcs8',
  });
  return { id, links: derive('links'), forms: derive('forms'), evidence };
}
