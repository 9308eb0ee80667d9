import type { Clock } from '@zekt/core';

export interface MintedToken {
  readonly token: string;
  readonly expiresAt: number;
  /** The repository's name now: GitHub lists what the token reaches. */
  readonly repository: string | null;
  /** Decimal id of the account that owns the repository now. */
  readonly ownerId: string | null;
}

export interface TokenScope {
  readonly installationId: string;
  /** Null: for what belongs to the account and to none of its repositories. */
  readonly repositoryId: string | null;
  readonly permissions: Readonly<Record<string, 'read' | 'write'>>;
}

export type MintToken = (scope: TokenScope) => Promise<MintedToken>;

const renewBeforeMs = 5 * 60_000;
const remembered = 10_000;

/**
 * Installation tokens, each for one repository (or the account alone) and the least permissions, kept until five minutes before they expire. Callers that
 * ask together share one request. Nothing is assumed about the form of a token.
 */
export class InstallationTokens {
  readonly #mint: MintToken;
  readonly #clock: Clock;
  readonly #tokens = new Map<string, { readonly minted: Promise<MintedToken>; expiresAt: number }>();

  constructor(mint: MintToken, clock: Clock) {
    this.#mint = mint;
    this.#clock = clock;
  }

  get(scope: TokenScope): Promise<MintedToken> {
    const key = keyOf(scope);
    const known = this.#tokens.get(key);
    if (known && known.expiresAt - renewBeforeMs > this.#clock.now()) return known.minted;
    const entry = { minted: this.#mint(scope), expiresAt: Number.POSITIVE_INFINITY };
    this.#tokens.delete(key);
    this.#tokens.set(key, entry);
    entry.minted.then(
      ({ expiresAt }) => {
        entry.expiresAt = expiresAt;
      },
      () => {
        if (this.#tokens.get(key) === entry) this.#tokens.delete(key);
      },
    );
    const oldest = this.#tokens.size > remembered ? this.#tokens.keys().next().value : undefined;
    if (oldest !== undefined) this.#tokens.delete(oldest);
    return entry.minted;
  }

  /** Forgets a token that GitHub no longer takes, or that may know an old name. One that was minted since is kept. */
  async drop(scope: TokenScope, stale: MintedToken): Promise<void> {
    const key = keyOf(scope);
    const known = this.#tokens.get(key);
    if ((await known?.minted) === stale && this.#tokens.get(key) === known) this.#tokens.delete(key);
  }
}

const keyOf = ({ installationId, repositoryId, permissions }: TokenScope): string =>
  `${installationId}/${repositoryId ?? ''}/${JSON.stringify(permissions)}`;
