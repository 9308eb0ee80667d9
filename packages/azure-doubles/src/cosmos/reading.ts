import type { PhysicalPartition } from './physical-partitions.ts';
import type { Session } from './session-token.ts';

/** How a request reads: from which replica, and what it must not miss. */
export interface Reading {
  /** The replica that answers has not got the last so many operations of its physical partition, but those that the session has seen. */
  readonly lag: number;
  readonly session: Session;
  /** Documents that were shown as they were before, or not at all yet. */
  missed: number;
}

/** Everything that is committed. */
export const upToDate = (): Reading => ({ lag: 0, session: new Map(), missed: 0 });

/** The last operation of a physical partition that a reading sees. What a session has seen of one that has split counts for its children. */
export function asOf({ lag, session }: Reading, { id, parents, lsn }: PhysicalPartition): number {
  const seen = [...parents, id].map((it) => session.get(it) ?? 0);
  return Math.max(lsn - lag, ...seen);
}
