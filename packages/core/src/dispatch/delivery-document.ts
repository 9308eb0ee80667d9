import type { Delivery } from '@zekt/contracts';
import { deliveryDocumentId, deliveryPartition, type RepositoryRef, type RunKey } from '../identity/keys.ts';
import { historyMs } from '../journal/timeline.ts';
import type { DocumentStore, Stored } from '../ports/document-store.ts';
import type { RunFacts } from '../ports/github.ts';

export type DeliveryState = Delivery['state'];

export interface Attempt {
  readonly at: number;
  readonly outcome: 'accepted' | 'retry' | 'limited' | 'refused' | 'held';
  readonly status: number | null;
  readonly reason?: string;
}

/**
 * One message or event on its way to one subscription. Written when the first thing has come of it; until then the run's plan says that it
 * will be sent.
 */
export interface DeliveryDocument {
  readonly deliveryId: string;
  readonly run: RunKey;
  /** The message's request key, or `run`. */
  readonly item: string;
  /** When the message came, or the run completed (ms). */
  readonly itemAt: number;
  readonly eventId: string;
  readonly eventType: string;
  readonly serviceId: string;
  /** The service's label. */
  readonly service: string;
  readonly subscriptionId: string;
  /** The subscription's name. */
  readonly subscription: string;
  readonly consumer: RepositoryRef;
  /** The consumer's name when it was last seen. */
  readonly repository: string;
  /** From when on it could be sent (ms): its run's completion, or its message when that came later. Absent in what an earlier version wrote. */
  readonly readyAt?: number;
  /** The provider's run as it completed. */
  readonly facts: RunFacts;
  readonly workflow: string;
  readonly durable: boolean;
  /** What the consumer knows the service by; present when where the run was is hidden from it. */
  readonly alias?: string;
  /** The delivery that must be sent before this one. */
  readonly after: string | null;
  readonly state: DeliveryState;
  /** The last 20, oldest first. */
  readonly attempts: readonly Attempt[];
  /** Tries that used up a step of the retry schedule. */
  readonly failures: number;
  /** Answers that asked for quiet: they use up no step of the schedule. */
  readonly limits: number;
  /** How many requests were made, accepted or not. */
  readonly sent: number;
  readonly nextAttemptAt: number | null;
  readonly createdAt: number;
  readonly dispatchedAt: number | null;
  readonly confirmedAt: number | null;
  readonly completedAt: number | null;
  readonly confirmations: number;
  readonly consumerConclusion: string | null;
  readonly consumerMessage: string | null;
  readonly consumerRunUrl: string | null;
  readonly replayOf: string | null;
  readonly replayedBy: readonly string[];
  readonly reason: string | null;
  /** Milliseconds. */
  readonly updatedAt: number;
}

/** What every new delivery starts with. */
export const unsent = {
  state: 'pending',
  attempts: [],
  failures: 0,
  limits: 0,
  sent: 0,
  nextAttemptAt: null,
  dispatchedAt: null,
  confirmedAt: null,
  completedAt: null,
  confirmations: 0,
  consumerConclusion: null,
  consumerMessage: null,
  consumerRunUrl: null,
  replayOf: null,
  replayedBy: [],
  reason: null,
} as const satisfies Partial<DeliveryDocument>;

export const deliveryExpiry = (createdAt: number): number => createdAt + historyMs;

/** What a connection's list says of one of its deliveries. */
export interface DeliveryPointer {
  readonly deliveryId: string;
}

export const findDelivery = (
  store: Pick<DocumentStore, 'get'>,
  deliveryId: string,
): Promise<Stored<DeliveryDocument> | null> =>
  store.get<DeliveryDocument>(deliveryPartition(deliveryId), deliveryDocumentId);

export async function getDelivery(
  store: Pick<DocumentStore, 'get'>,
  deliveryId: string,
): Promise<DeliveryDocument | null> {
  return (await findDelivery(store, deliveryId))?.body ?? null;
}

/** States in which Zekt still has to send it. */
export const isUnsent = ({ state }: Pick<DeliveryDocument, 'state'>): boolean =>
  state === 'pending' || state === 'held';
/** States that a consumer's report no longer changes. */
export const isFinal = ({ state }: Pick<DeliveryDocument, 'state'>): boolean =>
  state === 'completed' || state === 'failed';
