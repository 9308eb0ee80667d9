import type { Clock, DocumentStore, Log, Secrets } from '@zekt/core';
import type { Transport } from '@zekt/egress';
import type { Catalogue } from './catalogue/catalogue.ts';
import type { ServerKey } from './calls/server-key.ts';
import type { ScopeHooks } from './store/scope-hooks.ts';
import type { EndpointGuard } from './targets/check-endpoint.ts';
import type { SigningKeys } from './targets/signing-keys.ts';

/** An account of the App's GitHub, as its installations have it. */
export interface Account {
  /** Decimal. */
  readonly id: string;
  readonly login: string;
}

export interface HooksOptions extends EndpointGuard {
  readonly store: DocumentStore;
  readonly clock: Clock;
  readonly secrets: Secrets;
  readonly transport: Transport;
  /** Of the App's GitHub. */
  readonly issuer: string;
  /** 32 bytes that stay the same while the data lives: what JWT bodies are signed with is made of them. */
  readonly key: Uint8Array;
  /** The account of this name that has the App. @throws ZektError `github_unreachable` or `github_refused` */
  readonly findAccount: (login: string) => Promise<Account | null>;
  /** ZEKT_HOOKS=off: nothing is called, whatever is set up. */
  readonly isOff: boolean;
  /** 0 to 1: spreads the tries of what failed together. */
  readonly random: () => number;
  readonly log: Log;
  readonly count: (name: string) => void;
}

/** What the parts of hooks share. */
export interface HooksContext extends HooksOptions {
  readonly catalogue: Catalogue;
  readonly scopes: ScopeHooks;
  readonly signingKeys: SigningKeys;
  readonly serverKey: ServerKey;
}
