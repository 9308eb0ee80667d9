import type { ApprovalVote } from '@zekt/contracts';
import { ZektError, type BusMessage } from '@zekt/core';
import { findApproval, type ApprovalDocument, type Decision, type Vote } from './approval-document.ts';
import type { ApprovalsContext } from './approvals-context.ts';
import { carryOut, newClaimId, watchMessages } from './carry-out.ts';
import { takeVote, withdraw, type EffectAnswer, type Verdict } from './machine.ts';
import { mayDecide, type Person } from './may-decide.ts';
import { approvalEvent, approvalMessage } from './messages.ts';
import { stepApproval } from './write-approval.ts';

/** Somebody who decides, and how. */
export interface Click {
  readonly decision: Decision;
  readonly person: Person;
  readonly comment: string;
  readonly via: ApprovalVote['via'];
  /** Microsoft's id of the click. */
  readonly requestId: string | null;
  /** When whoever clicked must have an answer (ms). */
  readonly answerBy?: number;
}

/** What came of a click. The approval is as it is afterwards. */
export type Outcome = { readonly approval: ApprovalDocument } &
  /** It counts now, by this click. */
  (
    | { readonly kind: 'done'; readonly decision: Decision }
    /** It was decided before. */
    | { readonly kind: 'already'; readonly decision: Decision }
    | { readonly kind: 'counted'; readonly approvals: number }
    | { readonly kind: 'expired' }
    | { readonly kind: 'busy' }
    | { readonly kind: 'commentRequired' }
    | { readonly kind: 'notAllowed' }
    | {
        readonly kind: 'notCarriedOut';
        readonly decision: Decision;
        readonly answer: Exclude<EffectAnswer, { kind: 'done' }>;
      }
  );

/** Looks at the store and GitHub once each, and answers within the time that a card leaves. */
export async function decide(context: ApprovalsContext, approval: ApprovalDocument, click: Click): Promise<Outcome> {
  const { store, clock } = context;
  if (!(await mayDecide(context, approval, click.person))) return { kind: 'notAllowed', approval };
  const nowMs = clock.now();
  const vote: Vote = {
    decision: click.decision,
    actor: click.person.actor,
    comment: click.comment,
    via: click.via,
    requestId: click.requestId,
    at: nowMs,
  };
  const claimId = newClaimId();
  let verdict: Verdict = { kind: 'busy' };
  let seen = approval;
  const next = await stepApproval(
    store,
    approval.id,
    (current) => {
      seen = current;
      verdict = takeVote(current, vote, nowMs, claimId);
      return 'step' in verdict ? verdict.step : null;
    },
    (after) => (after.state === 'expired' ? endMessages('approval.expired', after, nowMs) : watchMessages(after)),
  );
  return conclude(context, click, verdict, next ?? seen);
}

/** What is told when a question ends without a decision. */
export function endMessages(
  type: 'approval.expired' | 'approval.withdrawn',
  approval: ApprovalDocument,
  nowMs: number,
): BusMessage[] {
  const tell = approval.posting ? [approvalMessage({ kind: 'tell', approvalId: approval.id }, 'end')] : [];
  return [approvalEvent(type, approval, nowMs), ...tell];
}

async function conclude(
  context: ApprovalsContext,
  click: Click,
  verdict: Verdict,
  approval: ApprovalDocument,
): Promise<Outcome> {
  switch (verdict.kind) {
    case 'decided': {
      const { decision } = verdict;
      const isSameClick = click.requestId !== null && approval.decision?.requestId === click.requestId;
      return { kind: isSameClick ? 'done' : 'already', decision, approval };
    }
    case 'counted':
      return { kind: 'counted', approvals: verdict.approvals, approval };
    case 'expired':
    case 'busy':
    case 'commentRequired':
      return { kind: verdict.kind, approval };
    case 'claimed': {
      const { decision } = click;
      const { answer, approval: after } = await carryOut(context, approval, click);
      return answer.kind === 'done'
        ? { kind: 'done', decision, approval: after }
        : { kind: 'notCarriedOut', decision, answer, approval: after };
    }
  }
}

/**
 * Withdraws a question.
 *
 * @throws ZektError `approval_in_progress` when a decision may be on its way
 */
export async function cancelApproval(context: ApprovalsContext, id: string, by: string): Promise<ApprovalDocument> {
  const nowMs = context.clock.now();
  const cancelled = await stepApproval(
    context.store,
    id,
    (current) => withdraw(current, by, nowMs),
    (next) => endMessages('approval.withdrawn', next, nowMs),
  );
  const approval = cancelled ?? (await findApproval(context.store, id))?.body;
  if (!approval) throw new ZektError('not_found', `There is no approval '${id}'.`);
  if (approval.state === 'pending' || approval.state === 'dispatching')
    throw new ZektError('approval_in_progress', 'A decision is on its way, so the question can not be withdrawn.');
  return approval;
}
