import { ZektError } from '@zekt/core';
import type { PreparedDispatch } from './approval-document.ts';
import { defaultEventType } from './client-payload.ts';

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
  const [onApprove, onReject] = [fold(approved.eventType), fold(rejected.eventType)];
  if (onReject === onApprove || onReject === defaultEventType('approved'))
    throw new ZektError(
      'invalid_body',
      `Invalid onReject.eventType: '${rejected.eventType}' tells of an approval. Give rejections a type of their own.`,
    );
  if (onApprove === defaultEventType('rejected'))
    throw new ZektError(
      'invalid_body',
      `Invalid onApprove.eventType: '${approved.eventType}' tells of a rejection. Give approvals a type of their own.`,
    );
}

const fold = (eventType: string): string => eventType.trim().toLowerCase();
