import type { BusMessage, CommitResult, QueueName, Settlement, Write, Writes } from '@zekt/core';

// What is asked of the writer: plain data, so that it can cross into another thread. Bodies are JSON text.

type WithText<T> = T extends { readonly body: object } ? Omit<T, 'body'> & { readonly body: string } : T;
export type TextWrite = WithText<Write>;
export type TextMessage = WithText<BusMessage>;
export interface TextBatch {
  readonly partition: string;
  readonly writes: readonly TextWrite[];
}

/** A message in somebody's hands. `lease` proves it: a later claim of the session makes it void. */
export interface Claim {
  readonly queue: QueueName;
  readonly session: string;
  readonly seq: number;
  readonly lease: number;
}

export interface Claimed extends Claim {
  readonly id: string;
  readonly body: string;
  readonly deliveryCount: number;
}

export type TextSettlement =
  | Exclude<Settlement, { settle: 'again' }>
  | { readonly settle: 'again'; readonly at: number; readonly body: string | null };

export interface Jobs {
  /** Batches, messages and what becomes of a message in hand: all or nothing. */
  work: {
    readonly batches: readonly TextBatch[];
    readonly messages: readonly TextMessage[];
    readonly settles: { readonly claim: Claim; readonly settlement: TextSettlement } | null;
  };
  claim: { readonly queue: QueueName; readonly limit: number; readonly leaseMs: number };
  delay: { readonly claim: Claim; readonly visibleAt: number };
  revive: { readonly queue: QueueName; readonly id: string };
  sweep: { readonly limit: number };
}

export interface Results {
  /** Null when the lease was lost: then somebody else has the message, and nothing was changed. */
  work: CommitResult | null;
  /** And when the next session of the queue can be claimed (ms), or null when the queue is empty. */
  claim: { readonly claimed: readonly Claimed[]; readonly nextReadyAt: number | null };
  /** False when the lease was lost. */
  delay: boolean;
  revive: boolean;
  /** How many expired documents were removed. */
  sweep: number;
}

export type JobKind = keyof Jobs;
/** A job and the time at which it was asked for (ms). */
export type Job = { [K in JobKind]: { readonly kind: K; readonly now: number } & Jobs[K] }[JobKind];
export type Outcome = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly reason: string };

export const toText = <T extends { readonly body: object }>(it: T): Omit<T, 'body'> & { body: string } => ({
  ...it,
  body: JSON.stringify(it.body),
});

export const toTextBatch = ({ partition, writes }: Writes): TextBatch => ({
  partition,
  writes: writes.map((write) => (write.kind === 'delete' ? write : (toText(write) as TextWrite))),
});
