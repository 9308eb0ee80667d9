import type { Clock } from '../ports/clock.ts';
import type { DocumentStore } from '../ports/document-store.ts';

export interface FollowContext {
  readonly store: DocumentStore;
  readonly clock: Clock;
  /** Of the App's GitHub. */
  readonly issuer: string;
}
