import type { OpaqueIds } from '../identity/opaque.ts';
import type { Listeners } from '../journal/append.ts';
import type { Clock } from '../ports/clock.ts';
import type { DocumentStore } from '../ports/document-store.ts';
import type { GitHubGateway } from '../ports/github.ts';
import type { Count, Log } from '../ports/log.ts';
import type { RetryPolicy } from './after-attempt.ts';
import type { FairPace } from './pace.ts';
import type { RecentRuns } from './recent-runs.ts';

export interface DispatchContext {
  readonly store: DocumentStore;
  readonly clock: Clock;
  readonly ids: OpaqueIds;
  readonly listeners: Listeners;
  readonly github: Pick<GitHubGateway, 'dispatch' | 'findRepository'>;
  /** Of the App's GitHub. */
  readonly issuer: string;
  readonly recent: RecentRuns;
  readonly pace: FairPace;
  readonly retry: RetryPolicy;
  readonly log: Log;
  readonly count: Count;
  /** Told how long a delivery took that GitHub has accepted, from when it could be sent (ms). */
  readonly onDispatched: (tookMs: number) => void;
}
