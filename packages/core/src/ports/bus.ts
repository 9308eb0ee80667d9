import type { Page } from './document-store.ts';

/** The queues of the loop. */
export const queues = ['correlate', 'directory', 'dispatch', 'track', 'events', 'approvals', 'notifications'] as const;
export type QueueName = (typeof queues)[number];

export interface BusMessage {
  readonly queue: QueueName;
  /** While a message of this id is in the queue, publishing it again does nothing. Never a bare number. */
  readonly id: string;
  /** Messages of one session are handled one at a time, in the order they become visible. */
  readonly session: string;
  readonly body: object;
  /** Not handled before, in milliseconds since the epoch. Default: at once. */
  readonly notBefore?: number;
}

export interface Received {
  readonly id: string;
  readonly session: string;
  readonly body: unknown;
  /** 1 at the first delivery. */
  readonly deliveryCount: number;
}

/** What becomes of a message that a handler has looked at. */
export type Settlement =
  | { readonly settle: 'complete' }
  /** Come back at `at` (milliseconds) as a new message of this session, with this body if given. The count starts again. */
  | { readonly settle: 'again'; readonly at: number; readonly body?: object }
  | { readonly settle: 'deadLetter'; readonly reason: string };

export type Handler = (message: Received) => Promise<Settlement>;

export interface ConsumeOptions {
  /** How many sessions are handled at once. */
  readonly sessions: number;
  /** Told of each failure of the handler, before the message is tried again. */
  readonly onError?: (error: unknown, message: Received) => void;
}

export interface Consumer {
  /** Takes no new message, waits for those in hand, then resolves. */
  stop(): Promise<void>;
}

export interface DeadLetter {
  readonly queue: QueueName;
  readonly id: string;
  readonly session: string;
  readonly body: unknown;
  readonly reason: string;
  readonly deadAt: number;
  readonly deliveryCount: number;
}

/**
 * Messages between the steps of the loop: at least once, one at a time per session, in order of visibility.
 *
 * A handler that throws gets its message again after a growing wait that does not block the session; after
 * `maxDeliveryCount` tries the message becomes a dead letter with the last error as its reason.
 */
export interface Bus {
  /** Durable when it resolves. */
  publish(messages: readonly BusMessage[]): Promise<void>;
  consume(queue: QueueName, handler: Handler, options: ConsumeOptions): Consumer;
  deadLetters(
    queue: QueueName,
    options: { readonly after?: string; readonly limit: number },
  ): Promise<Page<DeadLetter>>;
  /** Puts a dead letter back at the end of its session. False when there is none of this id. */
  revive(queue: QueueName, id: string): Promise<boolean>;
  /** Messages in the queue, delayed ones included, and dead letters. */
  depth(queue: QueueName): Promise<{ readonly waiting: number; readonly dead: number }>;
}

export const maxDeliveryCount = 10;

/** How long a message waits after its handler has thrown for the n-th time (1-based), in milliseconds. */
export const redeliveryDelayMs = (deliveryCount: number): number =>
  Math.min(1000 * 2 ** (deliveryCount - 1), 5 * 60_000);

export const complete: Settlement = { settle: 'complete' };
