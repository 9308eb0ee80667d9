// The messages between the steps. A hint says where to look, not what is true: the truth lies in the documents.
import {
  correlationIdOf,
  installationSession,
  repositorySession,
  runSession,
  trackSession,
  type RepositoryRef,
  type RunKey,
} from './identity/keys.ts';
import type { BusMessage } from './ports/bus.ts';
import type { RunFacts } from './ports/github.ts';
import type { WebhookFact } from './webhook/read-webhook.ts';

/** Why a run is looked at. */
export type CorrelateWork =
  /** A message of it was kept. */
  | { readonly kind: 'message'; readonly run: RunKey; readonly requestKey: string }
  /** It completed. `completedAt` (ms) is when that was first taken in, once it has been waited for messages still in flight. */
  | { readonly kind: 'completed'; readonly run: RunKey; readonly facts: RunFacts; readonly completedAt?: number }
  /** It was decided, and its deliveries from this one on are still to be hinted at. */
  | { readonly kind: 'planned'; readonly run: RunKey; readonly from: number }
  /** Its messages have waited too long for its completion. */
  | { readonly kind: 'overdue'; readonly run: RunKey }
  /** Whatever was on its way for it may be lost. `occasion`: tells its hints from those before, which the bus may remember. */
  | { readonly kind: 'redrive'; readonly run: RunKey; readonly occasion: string };

const correlate = (id: string, work: CorrelateWork): BusMessage => ({
  queue: 'correlate',
  id,
  session: runSession(work.run),
  body: work,
});

/** @param occasion tells a later hint from the first */
export const messageHint = (run: RunKey, requestKey: string, occasion = 'first'): BusMessage =>
  correlate(`message:${correlationIdOf(run)}:${requestKey}:${occasion}`, { kind: 'message', run, requestKey });

/** @param source the hook and GUID of the webhook: the same for a redelivery */
export const completionHint = (run: RunKey, facts: RunFacts, source: string): BusMessage =>
  correlate(`run:${source}`, { kind: 'completed', run, facts });

/** @param occasion tells one question from the next, so that a later one is not taken for a repetition */
export const overdueHint = (run: RunKey, occasion: string): BusMessage =>
  correlate(`overdue:${correlationIdOf(run)}:${occasion}`, { kind: 'overdue', run });

export const redriveHint = (run: RunKey, occasion: string): BusMessage =>
  correlate(`redrive:${correlationIdOf(run)}:${occasion}`, { kind: 'redrive', run, occasion });

/** One delivery that is to be sent. */
export interface SendWork {
  readonly kind: 'send';
  readonly deliveryId: string;
  readonly run: RunKey;
  /** Which of the run's items, and for which of the subscriptions in its plan; null for a replay, whose document has it all. */
  readonly planned: { readonly item: number; readonly lane: number } | null;
  /** The time that it was given in its installation's queue (ms). */
  readonly slot?: number;
  /** How often it has waited for the delivery before it. */
  readonly behind?: number;
}

export type DispatchWork =
  | SendWork
  /** The installation works again: what was put aside for it goes on. */
  | { readonly kind: 'release'; readonly installationId: string; readonly after?: string };

/** What is kept of a delivery that was put aside until its installation works again. */
export interface HeldDelivery {
  readonly work: SendWork;
  readonly consumer: RepositoryRef;
}

/** Where a delivery goes: all of one installation are handled one after the other. */
export interface Destination {
  readonly consumer: RepositoryRef;
  readonly installationId: string | null;
}

const dispatchSession = ({ consumer, installationId }: Destination): string =>
  installationId === null ? repositorySession(consumer) : installationSession(installationId);

/** @param occasion tells a later sending from the first, which may still be in the queue */
export const sendHint = (work: SendWork, destination: Destination, occasion = 'first'): BusMessage => ({
  queue: 'dispatch',
  id: `dispatch:${work.deliveryId}:${occasion}`,
  session: dispatchSession(destination),
  body: work,
});

export const releaseHint = (installationId: string, occasion: string): BusMessage => ({
  queue: 'dispatch',
  id: `release:${installationId}:${occasion}`,
  session: installationSession(installationId),
  body: { kind: 'release', installationId } satisfies DispatchWork,
});

/** A consumer's own run that carries a delivery id in its `run-name`. */
export interface TrackWork {
  readonly deliveryId: string;
  readonly consumer: RepositoryRef;
  readonly facts: RunFacts;
}

export const trackHint = (work: TrackWork, source: string): BusMessage => ({
  queue: 'track',
  id: `track:${source}`,
  session: trackSession(work.deliveryId),
  body: work,
});

/** An attempt of a run was cancelled: whoever asks people for it is told. */
export interface RunCancelledWork {
  readonly kind: 'runCancelled';
  readonly run: RunKey;
}

export const runCancelledHint = (run: RunKey, source: string): BusMessage => ({
  queue: 'approvals',
  id: `cancelled:${source}`,
  session: runSession(run),
  body: { kind: 'runCancelled', run } satisfies RunCancelledWork,
});

/** What GitHub says of an installation or a repository. */
export type DirectoryWork = Extract<WebhookFact, { readonly kind: 'installation' | 'repository' }>;

export const directoryHint = (work: DirectoryWork, source: string): BusMessage => ({
  queue: 'directory',
  id: `directory:${source}`,
  session: work.kind === 'installation' ? installationSession(work.installationId) : `repository:${work.repository.id}`,
  body: work,
});
