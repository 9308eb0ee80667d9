import type { Verified } from './identity-double.ts';

/** How a service takes tokens: over TLS with this certificate, and only if this check says so. */
export interface EntraDoor {
  /** PEM. */
  readonly cert: string;
  readonly key: string;
  verify(token: string, audience: string): Verified;
}
