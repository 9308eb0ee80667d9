import { randomBytes } from 'node:crypto';
import type { Secrets } from '@zekt/core';
import { signingKeySecret } from '../keys.ts';

/** More are read again. */
const mostRemembered = 10_000;

/**
 * The values of signing keys: in the secret store, as every credential is. A key never changes, so what was read once is remembered.
 *
 * A value is what Standard Webhooks calls a secret: `whsec_` and 32 random bytes as Base64.
 */
export class SigningKeys {
  readonly #secrets: Secrets;
  readonly #known = new Map<string, string>();

  constructor(secrets: Secrets) {
    this.#secrets = secrets;
  }

  /** Kept when it resolves; only then may a target name it. */
  async make(id: string): Promise<string> {
    const value = `whsec_${randomBytes(32).toString('base64')}`;
    await this.#secrets.set(signingKeySecret(id), value);
    return value;
  }

  /** Null: somebody took the secret away. */
  async read(id: string): Promise<string | null> {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const value = await this.#secrets.get(signingKeySecret(id));
    if (value === null) return null;
    this.#known.set(id, value);
    const oldest = this.#known.size > mostRemembered ? this.#known.keys().next().value : undefined;
    if (oldest !== undefined) this.#known.delete(oldest);
    return value;
  }

  async remove(ids: Iterable<string>): Promise<void> {
    for (const id of ids) {
      this.#known.delete(id);
      await this.#secrets.remove(signingKeySecret(id));
    }
  }
}
