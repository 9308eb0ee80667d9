import type { OpenPlaces } from '@zekt/core';
import { openQuestionsPartition } from '../keys.ts';
import type { ApprovalDocument } from './approval-document.ts';

/**
 * Everything that the repository which asks has open. Null: it is not limited, since an operator asks, or Zekt does because of a
 * subscription's request, which has a limit of its own.
 */
export const openQuestionsOf = ({
  requester,
  subscription,
}: Pick<ApprovalDocument, 'requester' | 'subscription'>): OpenPlaces | null =>
  requester === null || subscription !== null
    ? null
    : { limit: 'openQuestionsOfRepository', partition: openQuestionsPartition(requester.ref) };
