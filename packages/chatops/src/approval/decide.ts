import type { ApprovalVote } from '@zekt/contracts';
import { ZektError } from '@zekt/core';
import { findApproval, type ApprovalDocument, type Decision, type Vote } from './approval-document.ts';
import type { ApprovalsContext } from './approvals-context.ts';
import { askAboutPerson } from './ask-about-person.ts';
import { carryOut, newClaimId, watchMessages } from './carry-out.ts';
import { takeVote, withdraw, type EffectAnswer, type Verdict } from './machine.ts';
import { mayDecide, type Person } from './may-decide.ts';
import { endMessages } from './messages.ts';
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
    /** It was decided before, by this decision or the other one. */
    | { readonly kind: 'already'; readonly decision: Decision; readonly isContrary: boolean }
    /** It counts, and GitHub has not confirmed that it was told: it is told again. */
    | { readonly kind: 'inDoubt'; readonly decision: Decision }
    /** It was decided before, and GitHub never confirmed that it was told. */
    | { readonly kind: 'undelivered'; readonly decision: Decision }
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

/** What is left to say so when GitHub takes too long to tell who may decide. */
const leftForAnswerMs = 500;

/** Looks at the store and GitHub once each, and answers within the time that a card leaves. */
export async function decide(context: ApprovalsContext, approval: ApprovalDocument, click: Click): Promise<Outcome> {
  const { store, clock } = context;
  const limitMs = click.answerBy === undefined ? null : Math.max(click.answerBy - clock.now() - leftForAnswerMs, 0);
  if (!(await askAboutPerson(mayDecide(context, approval, click.person), limitMs)))
    return { kind: 'notAllowed', approval };
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
      return isSameClick
        ? { kind: 'done', decision, approval }
        : { kind: 'already', decision, isContrary: decision !== click.decision, approval };
    }
    case 'inDoubt':
      return { kind: 'already', decision: verdict.decision, isContrary: true, approval };
    case 'undelivered':
      return { kind: 'undelivered', decision: verdict.decision, approval };
    case 'counted':
      return { kind: 'counted', approvals: verdict.approvals, approval };
    case 'expired':
    case 'busy':
    case 'commentRequired':
      return { kind: verdict.kind, approval };
    case 'claimed': {
      const { decision } = click;
      const { answer, approval: after } = await carryOut(context, approval, click);
      if (answer.kind === 'done') return { kind: 'done', decision, approval: after };
      return after.inDoubt === decision
        ? { kind: 'inDoubt', decision, approval: after }
        : { kind: 'notCarriedOut', decision, answer, approval: after };
    }
  }
}

/**
 * Withdraws a question.
 *
 * @param evenInDoubt while GitHub may have been told a decision, too: for operators, who know what they do
 * @throws ZektError `approval_in_progress` when a decision may be on its way
 */
export async function cancelApproval(
  context: ApprovalsContext,
  id: string,
  by: string,
  { evenInDoubt = false }: { readonly evenInDoubt?: boolean } = {},
): Promise<ApprovalDocument> {
  const nowMs = context.clock.now();
  const cancelled = await stepApproval(
    context.store,
    id,
    (current) => withdraw(current, by, nowMs, evenInDoubt),
    (next) => endMessages('approval.withdrawn', next, nowMs),
  );
  const approval = cancelled ?? (await findApproval(context.store, id))?.body;
  if (!approval) throw new ZektError('not_found', `There is no approval '${id}'.`);
  if (approval.state === 'pending' || approval.state === 'dispatching')
    throw new ZektError('approval_in_progress', 'A decision is on its way, so the question can not be withdrawn.');
  return approval;
}
