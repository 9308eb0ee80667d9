import type { Delivery } from '@zekt/contracts';
import type { DocumentStore } from '../ports/document-store.ts';
import type { RunFacts } from '../ports/github.ts';
import { historyMs } from '../timeline.ts';

export type DeliveryState = Delivery['state'];

export interface Attempt {
  readonly at: number;
  readonly outcome: 'accepted' | 'retry' | 'limited' | 'refused' | 'held';
  readonly status: number | null;
  readonly reason?: string;
}

/** One message or event on its way to one subscription. */
export interface DeliveryDocument {
  readonly deliveryId: string;
  readonly correlationId: string;
  /** The message, or the run itself. */
  readonly item: string;
  readonly eventId: string;
  readonly eventType: string;
  readonly service: string;
  readonly subscription: string;
  readonly repositoryId: string;
  readonly repository: string;
  /** The provider's run as it completed. */
  readonly run: RunFacts;
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
}

export const deliveryPartition = (deliveryId: string): string => deliveryId;
export const deliveryExpiry = (createdAt: number): number => createdAt + historyMs;

/** In a run's partition: which deliveries it led to, by consumer. */
export const runDeliveryPrefix = (repositoryId: string): string => `to:${repositoryId}:`;
export const allRunDeliveries = 'to:';

export interface DeliveryPointer {
  readonly deliveryId: string;
}

export async function getDelivery(store: DocumentStore, deliveryId: string): Promise<DeliveryDocument | null> {
  return (await store.get<DeliveryDocument>(deliveryPartition(deliveryId), 'delivery'))?.body ?? null;
}

/** States in which Zekt still has to send it. */
export const isUnsent = ({ state }: DeliveryDocument): boolean => state === 'pending' || state === 'held';
/** States that a consumer's report no longer changes. */
export const isFinal = ({ state }: DeliveryDocument): boolean => state === 'completed' || state === 'failed';
