import type { BusMessage } from './message.ts';

/** What a store keeps: any JSON object. */
export type Body = object;

/** A document as read, with the ETag that a conditional write must name. */
export interface Stored<T extends Body> {
  readonly id: string;
  readonly etag: string;
  readonly body: T;
}

/** One write of a batch. `expiresAt` is in milliseconds since the epoch; without it a document stays. */
export type Write =
  /** Fails with a conflict when the id exists. */
  | { readonly kind: 'create'; readonly id: string; readonly body: Body; readonly expiresAt?: number }
  /** Fails with a conflict unless the document has this ETag. */
  | {
      readonly kind: 'replace';
      readonly id: string;
      readonly etag: string;
      readonly body: Body;
      readonly expiresAt?: number;
    }
  /** Creates or overwrites, whatever is there. */
  | { readonly kind: 'put'; readonly id: string; readonly body: Body; readonly expiresAt?: number }
  /** Fails with a conflict when an ETag is given and differs. A missing document is no failure without one. */
  | { readonly kind: 'delete'; readonly id: string; readonly etag?: string };

export interface Batch {
  readonly partition: string;
  /** At most 100, over distinct ids; 99 when there are messages, which count as one more. */
  readonly writes: readonly Write[];
  /**
   * Published if, and only if, the writes take effect, even when nobody repeats the call: on Azure through an outbox, which costs two more
   * writes. Steps that somebody repeats give their messages to `Bus.commit` instead.
   */
  readonly messages?: readonly BusMessage[];
}

export type CommitResult =
  | { readonly committed: true; readonly etags: Readonly<Record<string, string>> }
  /** Nothing was written; `conflict` is the id of the first write whose condition did not hold. */
  | { readonly committed: false; readonly conflict: string };

export interface ListOptions {
  /** Only ids that start with this. */
  readonly prefix?: string;
  /** Only ids beyond this one: the `next` of the page before, or any id. */
  readonly after?: string;
  /** 1 to 1,000. */
  readonly limit: number;
  /** By id, in the order of code points. Default ascending. */
  readonly descending?: boolean;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** The last id of this page, or null when nothing follows. */
  readonly next: string | null;
}

/**
 * Documents in partitions. Every question is a point read or an ordered list in one partition; where a second way in is
 * needed, a second document is written.
 */
export interface DocumentStore {
  get<T extends Body>(partition: string, id: string): Promise<Stored<T> | null>;
  /** All or nothing, together with the messages; durable when it resolves. */
  commit(batch: Batch): Promise<CommitResult>;
  list<T extends Body>(partition: string, options: ListOptions): Promise<Page<Stored<T>>>;
}

/** The most writes of one batch: the limit of a Cosmos DB transactional batch. */
export const maxBatchWrites = 100;

/** @throws RangeError when a batch is larger than every adapter can do, or names an id twice */
export function checkBatch({ writes, messages = [] }: Batch): void {
  const size = writes.length + (messages.length > 0 ? 1 : 0);
  if (size > maxBatchWrites) {
    throw new RangeError(`a batch takes ${maxBatchWrites} writes, its messages counting as one; got ${size}`);
  }
  if (new Set(writes.map(({ id }) => id)).size < writes.length) throw new RangeError('a batch writes each id once');
}
