import type { Cards } from '../directory/card.ts';
import type { OpaqueIds } from '../identity/opaque.ts';
import type { Listeners } from '../journal/append.ts';
import type { Clock } from '../ports/clock.ts';
import type { DocumentStore } from '../ports/document-store.ts';
import type { GitHubGateway } from '../ports/github.ts';
import type { Count, Log } from '../ports/log.ts';

export interface Waits {
  /** How long a message waits for its run's completion before GitHub is asked (ms). */
  readonly completionWaitMs: number;
  /** How long a completed run without a message waits for one still in flight (ms). */
  readonly eventOnlyGraceMs: number;
}

export interface CorrelateContext {
  readonly store: DocumentStore;
  readonly cards: Cards;
  readonly ids: OpaqueIds;
  readonly listeners: Listeners;
  readonly clock: Clock;
  readonly github: Pick<GitHubGateway, 'findRun'>;
  readonly waits: Waits;
  readonly log: Log;
  readonly count: Count;
}
