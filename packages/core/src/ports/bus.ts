import type { JournalEntry } from '../journal/entry.ts';
import type { Batch, CommitResult, Page } from './document-store.ts';
import type { BusMessage, QueueName } from './message.ts';

export { queues, type BusMessage, type QueueName } from './message.ts';

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

/** Writes of one partition, all or nothing. At most 100, over distinct ids. */
export type Writes = Pick<Batch, 'partition' | 'writes'>;

/** What a step wants done: its batches in order, then its entries in the journal, then its messages. */
export interface Work {
  readonly batches?: readonly Writes[];
  /** At most 100. Where a write costs, an adapter puts entries of several steps onto one page; it resolves when they are kept. */
  readonly journal?: readonly JournalEntry[];
  readonly messages?: readonly BusMessage[];
}

/** What a handler decided, as one value. */
export interface Outcome extends Work {
  readonly settlement: Settlement;
}

/** Reads what it needs and decides. Asked again when somebody else wrote meanwhile, so it has no side effect. */
export type Decide = () => Promise<Outcome>;

/**
 * Looks at a message. What it does to the outside world (a request to GitHub) it does before it resolves, once for each delivery of the
 * message; what follows from it for Zekt's own state is left to `Decide`.
 */
export type Handler = (message: Received) => Promise<Decide>;

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
 * A handler that throws, or whose decision does, gets its message again after a growing wait that does not block the session; after
 * `maxDeliveryCount` tries the message becomes a dead letter with the last error as its reason.
 *
 * An outcome takes effect in one transaction where documents and messages lie in one file. Elsewhere its batches are committed in order,
 * then its journal is kept, its messages are published and its message is settled; a crash in between brings the message again. When a batch meets a
 * conflict, the decision is asked for again.
 */
export interface Bus {
  /** Durable when it resolves. */
  publish(messages: readonly BusMessage[]): Promise<void>;
  /**
   * Batches in order, then messages; one transaction where that is possible. For callers that are repeated by somebody when this throws:
   * a sender, GitHub. A conflict ends it: then nothing was published, and batches before the one that met it may have taken effect.
   */
  commit(work: Work): Promise<CommitResult>;
  consume(queue: QueueName, handler: Handler, options: ConsumeOptions): Consumer;
  deadLetters(
    queue: QueueName,
    options: { readonly after?: string; readonly limit: number },
  ): Promise<Page<DeadLetter>>;
  /** Puts a dead letter back at the end of its session. False when there is none of this id. */
  revive(queue: QueueName, id: string): Promise<boolean>;
  /**
   * Puts all dead letters of a queue back, oldest first, so that each session keeps its order. One that can't be put back is left where it
   * is and the others go on. Resolves with how many were put back.
   */
  reviveAll(queue: QueueName): Promise<number>;
  /**
   * Messages in the queue, delayed ones included, and dead letters: at least so many. Where counting means looking at each message an adapter
   * stops early (Azure: at 250), so a large number says "many", not how many.
   */
  depth(queue: QueueName): Promise<{ readonly waiting: number; readonly dead: number }>;
}

export const maxDeliveryCount = 10;

/** How long a message waits after its handler has thrown for the n-th time (1-based), in milliseconds. */
export const redeliveryDelayMs = (deliveryCount: number): number =>
  Math.min(1000 * 2 ** (deliveryCount - 1), 5 * 60_000);

export const complete: Settlement = { settle: 'complete' };

/** The message is done, and nothing follows from it. */
export const done: Outcome = { settlement: complete };

/** For a handler whose every try decides anew, with nothing done to the outside before. */
export const decides =
  (decide: (message: Received) => Promise<Outcome>): Handler =>
  async (message) =>
  () =>
    decide(message);
