import type { Clock, Count, DocumentStore, GitHubGateway, Log, Secrets } from '@zekt/core';
import type { Post } from '@zekt/egress';
import type { Memberships } from '../identity/memberships.ts';
import type { SigningKeys } from './signing-keys.ts';

/** What approvals need from the outside. */
export interface ApprovalsContext {
  readonly store: DocumentStore;
  readonly clock: Clock;
  readonly github: Pick<GitHubGateway, 'dispatch' | 'findRepository' | 'findUser' | 'teamMembers'>;
  readonly memberships: Memberships;
  readonly keys: SigningKeys;
  readonly secrets: Secrets;
  readonly post: Post;
  /** Base of links, without trailing slash. */
  readonly publicUrl: () => string;
  readonly log: Log;
  readonly count: Count;
  /** For jitter. */
  readonly random: () => number;
}
