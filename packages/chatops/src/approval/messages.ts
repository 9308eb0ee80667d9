import { domainEvent, repositoryIdOf, type BusMessage, type RunCancelledWork, type SubscriptionNews } from '@zekt/core';
import type { ApprovalDocument } from './approval-document.ts';
import { subjectOf } from './subject.ts';

/** What the queue of approvals carries. */
export type ApprovalWork =
  /** Post the card that asks. */
  | { readonly kind: 'ask'; readonly approvalId: string; readonly tries?: number }
  /** Post what came of it. */
  | { readonly kind: 'tell'; readonly approvalId: string; readonly tries?: number }
  | { readonly kind: 'expire'; readonly approvalId: string }
  /** See whether a decision got stuck on its way (under this claim, if one is named), and carry it on. */
  | { readonly kind: 'resume'; readonly approvalId: string; readonly claimId?: string; readonly tries?: number }
  /** A subscription was asked for, or decided elsewhere. */
  | SubscriptionNews
  /** A run was cancelled: what it asked is not to be decided any more. */
  | RunCancelledWork;

/** One message of an approval; `occasion` tells two of a kind apart. */
export function approvalMessage(
  work: Exclude<ApprovalWork, { kind: 'subscription' | 'runCancelled' }>,
  occasion: string,
  notBefore?: number,
): BusMessage {
  return {
    queue: 'approvals',
    id: `${work.kind}:${work.approvalId}:${occasion}`,
    session: `approval:${work.approvalId}`,
    body: work,
    ...(notBefore !== undefined && { notBefore }),
  };
}

/** How a question ends without a decision that GitHub was told. */
type EndEvent = 'approval.expired' | 'approval.withdrawn' | 'approval.undelivered';

/** What is told when it does. */
export function endMessages(type: EndEvent, approval: ApprovalDocument, nowMs: number): BusMessage[] {
  const tell = approval.posting ? [approvalMessage({ kind: 'tell', approvalId: approval.id }, 'end')] : [];
  return [approvalEvent(type, approval, nowMs), ...tell];
}

/** What a change of an approval is known by, in the one stream of events. */
export function approvalEvent(
  type: 'approval.requested' | 'approval.decided' | EndEvent,
  approval: ApprovalDocument,
  nowMs: number,
): BusMessage {
  const { id, decision, requester, subscription, inDoubt, dispatch } = approval;
  const ends = {
    'approval.requested': 'waits for a decision',
    'approval.decided': `was ${decision?.decision ?? 'decided'}`,
    'approval.expired': 'was not decided in time',
    'approval.withdrawn': 'was withdrawn',
    'approval.undelivered': `was ${inDoubt ?? 'decided'}, and GitHub did not confirm that it was told`,
  } as const;
  const actor = decision?.actor.name ?? decision?.actor.id ?? requester?.actor ?? null;
  return domainEvent(type, nowMs, {
    once: id,
    approvalId: id,
    summary: `${subjectOf(approval)} ${ends[type]}.`,
    ...(requester && { repositoryId: repositoryIdOf(requester.ref) }),
    ...(subscription && { subscription: subscription.name, service: subscription.service }),
    ...(actor !== null && { actor }),
    ...(decision?.comment && { reason: decision.comment }),
    ...(type === 'approval.undelivered' && dispatch.reason !== null && { reason: dispatch.reason }),
  });
}
