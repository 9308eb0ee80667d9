import { createLocalJWKSet, errors, type JWSHeaderParameters, type CryptoKey, type FlattenedJWSInput } from 'jose';
import { ZektError, type Clock } from '@zekt/core';
import { fetchIssuerKeys } from './fetch-issuer-keys.ts';

export interface OidcKeysOptions {
  readonly clock: Clock;
  readonly fetch: typeof fetch;
  /** Where the discovery document is, when not under the issuer. */
  readonly discoveryUrl?: string;
  /** @default 10 minutes */
  readonly maxAgeMs?: number;
  /** Least time between two fetches, so that made-up key ids can't drive them. @default 30 s */
  readonly coolDownMs?: number;
  /** The same while no key is known at all, so that an issuer that is down is not asked for each request. @default 5 s */
  readonly emptyCoolDownMs?: number;
}

/**
 * The signing keys of one trusted issuer: found by discovery, cached, fetched once more for an unknown key id, and served stale while
 * the issuer can't be reached. GitHub publishes several keys at once and rotates without notice.
 */
export class OidcKeys {
  readonly #issuer: string;
  readonly #options: Required<OidcKeysOptions>;
  #keys: ReturnType<typeof createLocalJWKSet> | null = null;
  #fetchedAt = Number.NEGATIVE_INFINITY;
  #triedAt = Number.NEGATIVE_INFINITY;
  #fetching: Promise<void> | null = null;

  constructor(issuer: string, options: OidcKeysOptions) {
    this.#issuer = issuer;
    this.#options = {
      maxAgeMs: 10 * 60_000,
      coolDownMs: 30_000,
      emptyCoolDownMs: 5000,
      discoveryUrl: `${issuer}/.well-known/openid-configuration`,
      ...options,
    };
  }

  /**
   * The key that signed a token, by its `kid`: without one nobody says which, and to try is to guess.
   *
   * @throws ZektError `invalid_token` without a `kid`, `issuer_unreachable` when no key was ever fetched; jose's JWKSNoMatchingKey when the issuer has no such key
   */
  find = async (header: JWSHeaderParameters, token: FlattenedJWSInput): Promise<CryptoKey> => {
    const { clock, maxAgeMs, coolDownMs } = this.#options;
    if (typeof header.kid !== 'string' || header.kid === '')
      throw new ZektError('invalid_token', "The token's header has no 'kid', so it does not say which key signed it.");
    if (clock.now() - this.#fetchedAt > maxAgeMs) await this.#refresh();
    try {
      return await this.#pick(header, token);
    } catch (error) {
      const isUnknown = error instanceof errors.JWKSNoMatchingKey;
      if (!isUnknown || clock.now() - this.#triedAt < coolDownMs) throw error;
      await this.#refresh();
      return this.#pick(header, token);
    }
  };

  #pick(header: JWSHeaderParameters, token: FlattenedJWSInput): Promise<CryptoKey> {
    if (!this.#keys)
      throw new ZektError('issuer_unreachable', `The keys of '${this.#issuer}' can not be fetched now. Try again.`, {
        retryAfterMs: this.#options.emptyCoolDownMs,
      });
    return this.#keys(header, token);
  }

  /** One fetch at a time; a failure leaves the old keys in use, and is not repeated within the cool-down. */
  async #refresh(): Promise<void> {
    const { clock, coolDownMs, emptyCoolDownMs } = this.#options;
    const isCooling = clock.now() - this.#triedAt < (this.#keys ? coolDownMs : emptyCoolDownMs);
    if (isCooling && !this.#fetching) return;
    this.#fetching ??= this.#fetchKeys().finally(() => {
      this.#fetching = null;
    });
    await this.#fetching;
  }

  async #fetchKeys(): Promise<void> {
    this.#triedAt = this.#options.clock.now();
    try {
      const { fetch, discoveryUrl } = this.#options;
      const keys = await fetchIssuerKeys(this.#issuer, fetch, discoveryUrl);
      this.#keys = createLocalJWKSet(keys);
      this.#fetchedAt = this.#options.clock.now();
    } catch {
      // The old keys, if any, stay in use: an issuer that is down must not stop those who hold good tokens.
    }
  }
}
