import { ZektError } from '@zekt/core';
import type { PreparedDispatch } from './approval-document.ts';

/**
 * A workflow that waits for approvals by event type must never start at a rejection, nor the other way round.
 *
 * @throws ZektError `invalid_body`
 */
export function refuseConfusedEvents({
  approved,
  rejected,
}: {
  readonly approved: PreparedDispatch;
  readonly rejected: PreparedDispatch;
}): void {
  if (fold(approved.eventType) !== fold(rejected.eventType)) return;
  throw new ZektError(
    'invalid_body',
    `Invalid onReject.eventType: '${rejected.eventType}' tells of an approval. Give rejections a type of their own.`,
  );
}

const fold = (eventType: string): string => eventType.trim().toLowerCase();
