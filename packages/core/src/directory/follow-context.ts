import type { Clock } from '../ports/clock.ts';
import type { DocumentStore } from '../ports/document-store.ts';
import type { WebhookFact } from '../webhook/read-webhook.ts';

export type InstallationFact = Extract<WebhookFact, { kind: 'installation' }>;
export type RepositoryFact = Extract<WebhookFact, { kind: 'repository' }>;

export interface FollowContext {
  readonly store: DocumentStore;
  readonly clock: Clock;
  /** Of the App's GitHub. */
  readonly issuer: string;
}
