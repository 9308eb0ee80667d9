import type { Approval, ApprovalPolicy, ApprovalVote } from '@zekt/contracts';
import { isoTime, repositoryIdOf } from '@zekt/core';
import {
  shownState,
  type ApprovalDocument,
  type Approver,
  type Policy,
  type PreparedDispatch,
  type Vote,
} from './approval-document.ts';
import type { ApprovalsContext } from './approvals-context.ts';
import { pageLink } from './links.ts';

const isoOrNull = (ms: number | null): string | null => (ms === null ? null : isoTime(ms));

/** An approval as the API shows it. */
export function presentApproval(
  context: Pick<ApprovalsContext, 'keys' | 'publicUrl'>,
  approval: ApprovalDocument,
): Approval {
  const { requester, requesterEntra, subscription, target, decision, posting, environment, version } = approval;
  return {
    id: approval.id,
    state: shownState(approval),
    title: approval.title,
    text: approval.text,
    ...(environment !== null && { environment }),
    ...(version !== null && { version }),
    facts: [...approval.facts],
    policy: presentPolicy(approval.policy),
    requester: {
      repository: requester?.repository ?? null,
      repositoryId: requester && repositoryIdOf(requester.ref),
      runId: requester?.runId ?? null,
      actor: requester?.actor ?? null,
      entra: requesterEntra && { tenant: requesterEntra.tenant, objectId: requesterEntra.id },
    },
    cancelWithRun: approval.cancelWithRun,
    subscription: subscription?.name ?? null,
    target: target && {
      repository: target.repository,
      repositoryId: repositoryIdOf(target.ref),
      approved: presentDispatch(target.approved),
      rejected: presentDispatch(target.rejected),
    },
    votes: approval.votes.map(presentVote),
    decision: decision && presentVote(decision),
    inDoubt: approval.inDoubt,
    dispatch: { ...approval.dispatch, at: isoOrNull(approval.dispatch.at) },
    posting: posting && { ...posting, at: isoOrNull(posting.at) },
    createdAt: isoTime(approval.createdAt),
    expiresAt: isoTime(approval.expiresAt),
    decidedAt: isoOrNull(approval.decidedAt),
    url: pageLink(context, approval),
  };
}

const presentDispatch = ({ eventType, payloadSha256 }: PreparedDispatch) => ({ eventType, payloadSha256 });

const presentVote = ({ decision, actor, comment, via, at }: Vote): ApprovalVote => ({
  decision,
  actor,
  comment,
  via,
  at: isoTime(at),
});

const presentPolicy = ({ approvers, ...rules }: Policy): ApprovalPolicy => ({
  approvers: approvers.map(presentApprover),
  ...rules,
});

function presentApprover(approver: Approver): ApprovalPolicy['approvers'][number] {
  switch (approver.kind) {
    case 'github':
      return { github: approver.login };
    case 'githubTeam':
      return { githubTeam: approver.team };
    case 'entra':
      return { entra: { tenant: approver.tenant, objectId: approver.id } };
    case 'entraGroup':
      return { entraGroup: { tenant: approver.tenant, groupId: approver.id } };
  }
}
