import type { ApprovalVote } from '@zekt/contracts';
import { ZektError } from '@zekt/core';
import { findApproval, type ApprovalDocument, type Decision, type Vote } from './approval-document.ts';
import type { ApprovalsContext } from './approvals-context.ts';
import { askAboutPerson } from './ask-about-person.ts';
import { carryOut, newClaimId, watchMessages } from './carry-out.ts';
import { checkVotes } from './check-votes.ts';
import { takeVote, withdraw, type EffectAnswer, type Verdict, type VoteChecks, type Voter } from './machine.ts';
import { standingOf, type Person, type Standing } from './may-decide.ts';
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
    /** `dropped`: so many votes of before do not count any more. */
    | { readonly kind: 'counted'; readonly approvals: number; readonly dropped: number }
    | { readonly kind: 'expired' }
    | { readonly kind: 'busy' }
    | { readonly kind: 'commentRequired' }
    | { readonly kind: 'notAllowed'; readonly why: Exclude<Standing['kind'], 'mayDecide'> }
    | {
        readonly kind: 'notCarriedOut';
        readonly decision: Decision;
        readonly answer: Exclude<EffectAnswer, { kind: 'done' }>;
      }
  );

/** What is left to say so when GitHub takes too long to tell who may decide. */
const leftForAnswerMs = 500;

/** How often votes are checked again because others voted meanwhile. */
const maxChecks = 5;

/**
 * Takes a click, and answers within the time that a card leaves. Where it completes a decision, all votes for that are checked again first:
 * those that do not count any more are dropped, and the question stays open.
 */
export async function decide(context: ApprovalsContext, approval: ApprovalDocument, click: Click): Promise<Outcome> {
  const { actor, groups } = click.person;
  const nowMs = context.clock.now();
  const ask = <T>(answer: Promise<T>): Promise<T> =>
    askAboutPerson(
      answer,
      click.answerBy === undefined ? null : Math.max(click.answerBy - context.clock.now() - leftForAnswerMs, 0),
    );
  const standing = await ask(standingOf(context, approval, click.person));
  if (standing.kind !== 'mayDecide') return { kind: 'notAllowed', why: standing.kind, approval };
  const vote: Vote = {
    decision: click.decision,
    actor,
    comment: click.comment,
    via: click.via,
    groups: approval.policy.approvers.flatMap((it) =>
      it.kind === 'entraGroup' && groups.includes(it.id) ? [it.id] : [],
    ),
    requestId: click.requestId,
    at: nowMs,
  };
  const { accounts } = standing;
  let checks: VoteChecks = new Map();
  for (let round = 0; round < maxChecks; round += 1) {
    const { verdict, approval: now } = await take(context, approval, vote, { accounts, checks });
    if (verdict.kind !== 'unchecked') return conclude(context, click, verdict, now);
    checks = await ask(checkVotes(context, now, verdict.votes, nowMs));
  }
  return { kind: 'busy', approval };
}

/** @returns what the vote means, and the approval afterwards */
async function take(
  { store }: ApprovalsContext,
  approval: ApprovalDocument,
  vote: Vote,
  voter: Voter,
): Promise<{ readonly verdict: Verdict; readonly approval: ApprovalDocument }> {
  const claimId = newClaimId();
  let verdict: Verdict = { kind: 'busy' };
  let seen = approval;
  const next = await stepApproval(
    store,
    approval.id,
    (current) => {
      seen = current;
      verdict = takeVote(current, vote, vote.at, claimId, voter);
      return 'step' in verdict ? verdict.step : null;
    },
    (after) => (after.state === 'expired' ? endMessages('approval.expired', after, vote.at) : watchMessages(after)),
  );
  return { verdict, approval: next ?? seen };
}

async function conclude(
  context: ApprovalsContext,
  click: Click,
  verdict: Exclude<Verdict, { kind: 'unchecked' }>,
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
      return { kind: 'counted', approvals: verdict.approvals, dropped: verdict.dropped, approval };
    case 'notAllowed':
      return { kind: 'notAllowed', why: 'notAsked', approval };
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
