import type { SigningSecret } from '@zekt/chatops';
import type { Bus, DocumentStore, Secrets } from '@zekt/core';

/** What keeps documents and messages, and what goes with it. */
export interface Backend {
  readonly store: DocumentStore;
  readonly bus: Bus;
  /** Of opaque ids. */
  readonly serverKey: Uint8Array;
  /** How long a provider's card is remembered (ms). */
  readonly rememberCardsMs: number;
  readonly adminToken: string;
  readonly secrets: Secrets;
  readonly signingSecrets: readonly [SigningSecret, ...SigningSecret[]];
  /** Resolves when it can't go on, so that only a new start helps. Absent where that can't happen. */
  readonly lost?: Promise<Error>;
  close(): Promise<void>;
}
