import type { Session } from './session-token.ts';

/** How a request reads: from which replica, and what it must not miss. */
export interface Reading {
  /** From a replica that has not yet got the last write of each document, unless the session has seen it. */
  readonly isBehind: boolean;
  readonly session: Session;
  /** Documents that were shown as they were before their last write. */
  missed: number;
}

/** Everything that is committed. */
export const upToDate = (): Reading => ({ isBehind: false, session: new Map(), missed: 0 });
