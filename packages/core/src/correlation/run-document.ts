import type { RunFacts } from '../ports/github.ts';
import { historyMs } from '../timeline.ts';

export interface MessageRef {
  readonly eventId: string;
  readonly eventType: string;
  readonly receivedAt: number;
}

/** All that the decision about a run depends on. */
export interface RunDocument {
  readonly correlationId: string;
  readonly firstSeenAt: number;
  /** Path of the workflow file, from the token or the webhook; null when neither said. */
  readonly workflow: string | null;
  /** In the order they were accepted. */
  readonly messages: readonly MessageRef[];
  /** The newest facts that GitHub gave; final once `completedAt` is set. */
  readonly facts?: RunFacts;
  /** When the completion was taken in (ms). */
  readonly completedAt?: number;
  /** The run was delivered as an event alone; then that is the first item. */
  readonly eventOnly?: true;
  /** How many items have been decided: delivered to whom the policy says, or blocked. */
  readonly decided: number;
  /** How many deliveries were written. */
  readonly deliveries: number;
  readonly service?: string;
  readonly blocked?: string;
  /** Given up waiting for the completion. */
  readonly expired?: true;
  readonly indexed?: true;
}

export const runExpiry = (firstSeenAt: number): number => firstSeenAt + historyMs;
