import { isSamePerson } from '../identity/person-accounts.ts';
import { accountKey, type Account } from '../identity/account.ts';
import {
  isOver,
  isSameActor,
  type ApprovalDocument,
  type AuditEntry,
  type Decision,
  type Vote,
} from './approval-document.ts';

/** How long after the question's own time a decision is still repeated whose answer of GitHub is missing. */
const doubtAfterExpiryMs = 3_600_000;

/** When a decision in doubt is given up (ms). */
export const doubtEndsAt = ({ expiresAt }: ApprovalDocument): number => expiresAt + doubtAfterExpiryMs;

/** How long whoever carries a decision out is left alone. */
export const leaseMs = 60_000;

/** What an attempt to carry a decision out came to. `unknown`: it may have happened. */
export type EffectAnswer =
  | { readonly kind: 'done'; readonly status: number | null }
  | {
      readonly kind: 'refused';
      readonly status: number | null;
      readonly cause: 'notFound' | 'noPermission' | 'notAccepted' | 'notShown';
      readonly reason: string;
    }
  | { readonly kind: 'busy'; readonly status: number | null; readonly reason: string }
  | { readonly kind: 'unknown'; readonly status: number | null; readonly reason: string };

/** A change of state and what it adds to the audit trail. */
export interface Step {
  readonly next: ApprovalDocument;
  readonly audit: readonly AuditEntry[];
}

export type Verdict =
  /** It was decided before; this is what counts. */
  | { readonly kind: 'decided'; readonly decision: Decision }
  /** The other decision was taken before, and GitHub is being told of it. */
  | { readonly kind: 'inDoubt'; readonly decision: Decision }
  /** Decided, and GitHub never confirmed that it was told. */
  | { readonly kind: 'undelivered'; readonly decision: Decision }
  /** Past its time, or withdrawn. */
  | { readonly kind: 'expired'; readonly step: Step | null }
  /** Somebody is carrying a decision out. */
  | { readonly kind: 'busy' }
  | { readonly kind: 'commentRequired' }
  /** It would complete the decision: whether these votes count now is to be found out first. */
  | { readonly kind: 'unchecked'; readonly votes: readonly Vote[] }
  /** The vote itself does not count any more. */
  | { readonly kind: 'notAllowed' }
  /** Counted, but more people are needed. `dropped`: so many votes of before do not count any more. */
  | { readonly kind: 'counted'; readonly step: Step; readonly approvals: number; readonly dropped: number }
  /** The decision is to be carried out now, by whoever holds this claim. */
  | { readonly kind: 'claimed'; readonly step: Step };

const entry = (what: AuditEntry['what'], at: number, more: Partial<AuditEntry> = {}): AuditEntry => ({
  at,
  what,
  decision: null,
  actor: null,
  via: null,
  requestId: null,
  githubStatus: null,
  detail: null,
  ...more,
});

export const requested = (at: number): AuditEntry => entry('requested', at);

/** A lease that ran out means that its holder died on the way: what it did is not known. */
function withoutDeadClaim(approval: ApprovalDocument, nowMs: number): ApprovalDocument {
  const { claim } = approval;
  if (approval.state !== 'dispatching' || !claim || claim.until > nowMs) return approval;
  return { ...approval, state: 'pending', claim: null, inDoubt: claim.decision };
}

const approvalsIn = (votes: readonly Vote[]): number => votes.filter(({ decision }) => decision === 'approved').length;

/** What was found out about votes, by `voteKey`: null, or why a vote does not count any more. */
export type VoteChecks = ReadonlyMap<string, string | null>;

export const voteKey = ({ actor, at, decision }: Vote): string => `${accountKey(actor)}@${at}:${decision}`;

/** Who votes, and what is known of the votes that their vote would complete a decision with. */
export interface Voter {
  /** All accounts that are known to be theirs: they have one vote. */
  readonly accounts: readonly Account[];
  readonly checks: VoteChecks;
}

/**
 * Takes one person's vote. First decision wins: a decided approval never changes, and while a decision may already be on its way to
 * GitHub no other can be made. Nothing is decided by votes that were not checked just now: who has left a team meanwhile has no say.
 *
 * @param claimId names this attempt, should it come to one
 */
export function takeVote(
  approval: ApprovalDocument,
  vote: Vote,
  nowMs: number,
  claimId: string,
  { accounts, checks }: Voter,
): Verdict {
  const current = withoutDeadClaim(approval, nowMs);
  if (current.state === 'approved' || current.state === 'rejected') return { kind: 'decided', decision: current.state };
  if (current.state === 'undelivered' && current.inDoubt !== null)
    return { kind: 'undelivered', decision: current.inDoubt };
  if (isOver(current)) return { kind: 'expired', step: null };
  const { inDoubt } = current;
  if (inDoubt !== null && inDoubt !== vote.decision) return { kind: 'inDoubt', decision: inDoubt };
  if (current.state === 'dispatching') return { kind: 'busy' };
  if (inDoubt !== null) return claim(current, inDoubt, nowMs, claimId, []);
  if (nowMs >= current.expiresAt) return { kind: 'expired', step: expire(current, nowMs) };
  if (vote.decision === 'rejected' && current.policy.requireRejectComment && vote.comment.trim() === '')
    return { kind: 'commentRequired' };

  const known = current.votes.find(
    ({ actor, decision }) => isSameActor(actor, vote.actor) && decision === vote.decision,
  );
  const isNews = known === undefined;
  const counted = known ?? vote;
  const votes = isNews ? [...current.votes.filter((it) => !isSameVoter(it, accounts)), vote] : current.votes;
  const { decision, actor, via, requestId } = vote;
  const audit = isNews ? [entry('voted', nowMs, { decision, actor, via, requestId })] : [];
  const { quorum } = current.policy;
  if (decision === 'approved' && approvalsIn(votes) < quorum)
    return {
      kind: 'counted',
      step: { next: { ...current, votes }, audit },
      approvals: approvalsIn(votes),
      dropped: 0,
    };
  const deciding = decision === 'rejected' ? [counted] : votes.filter((it) => it.decision === 'approved');
  if (deciding.some((it) => !checks.has(voteKey(it)))) return { kind: 'unchecked', votes: deciding };
  if (reasonAgainst(checks, counted) !== null) return { kind: 'notAllowed' };
  const dropped = deciding.filter((it) => reasonAgainst(checks, it) !== null);
  const voted = { ...current, votes: votes.filter((it) => !dropped.includes(it)) };
  const dropping = dropped.map((it) =>
    entry('dropped', nowMs, { decision: it.decision, actor: it.actor, detail: reasonAgainst(checks, it) }),
  );
  const trail = [...audit, ...dropping];
  const approvals = approvalsIn(voted.votes);
  return decision === 'rejected' || approvals >= quorum
    ? claim(voted, decision, nowMs, claimId, trail)
    : { kind: 'counted', step: { next: voted, audit: trail }, approvals, dropped: dropped.length };
}

const isSameVoter = ({ actor }: Vote, accounts: readonly Account[]): boolean => isSamePerson([actor], accounts);
const reasonAgainst = (checks: VoteChecks, vote: Vote): string | null => checks.get(voteKey(vote)) ?? null;

function claim(
  approval: ApprovalDocument,
  decision: Decision,
  nowMs: number,
  claimId: string,
  audit: readonly AuditEntry[],
): Verdict {
  const next: ApprovalDocument = {
    ...approval,
    state: 'dispatching',
    claim: { id: claimId, decision, until: nowMs + leaseMs },
    inDoubt: approval.inDoubt,
  };
  return { kind: 'claimed', step: { next, audit: [...audit, entry('claimed', nowMs, { decision })] } };
}

/** Takes over a decision in doubt, or one that was given up, to repeat it. Null: there is none, or somebody is at it. */
export function resume(approval: ApprovalDocument, nowMs: number, claimId: string): Step | null {
  const current = withoutDeadClaim(approval, nowMs);
  if ((current.state !== 'pending' && current.state !== 'undelivered') || current.inDoubt === null) return null;
  const verdict = claim(current, current.inDoubt, nowMs, claimId, []);
  return verdict.kind === 'claimed' ? verdict.step : null;
}

/** The vote that a decision is known by: the one that completed it. */
export const decidingVote = ({ votes }: ApprovalDocument, wanted: Decision): Vote | null =>
  votes.findLast(({ decision }) => decision === wanted) ?? null;

/**
 * Records what the attempt came to. Null: the claim is not ours any more, so somebody else records.
 *
 * @param isLast a doubt that remains after this attempt ends, when its time is over: see {@link doubtEndsAt}
 */
export function settle(
  approval: ApprovalDocument,
  claimId: string,
  answer: EffectAnswer,
  nowMs: number,
  isLast = false,
): Step | null {
  if (approval.state !== 'dispatching' || approval.claim?.id !== claimId) return null;
  const { decision } = approval.claim;
  const reason = answer.kind === 'done' ? null : answer.reason;
  const dispatch = { tries: approval.dispatch.tries + 1, status: answer.status, reason, at: nowMs };
  const answered = entry('answered', nowMs, { decision, githubStatus: answer.status, detail: reason });
  const base = { ...approval, claim: null, dispatch };
  if (answer.kind === 'done') {
    const vote = decidingVote(approval, decision);
    const next: ApprovalDocument = { ...base, state: decision, inDoubt: null, decision: vote, decidedAt: nowMs };
    const decided = entry('decided', nowMs, { decision, actor: vote?.actor ?? null, via: vote?.via ?? null });
    return { next, audit: [answered, decided] };
  }
  // Once in doubt, a later refusal does not tell whether an earlier attempt was taken.
  const inDoubt = answer.kind === 'unknown' ? decision : approval.inDoubt;
  if (isLast && inDoubt !== null && nowMs >= doubtEndsAt(approval)) {
    const ended = entry('undelivered', nowMs, { decision: inDoubt, githubStatus: answer.status, detail: reason });
    return { next: { ...base, state: 'undelivered', inDoubt }, audit: [answered, ended] };
  }
  return { next: { ...base, state: 'pending', inDoubt }, audit: [answered] };
}

/** Ends a question that nobody decided in time. A decision in doubt is carried on instead. Null: nothing to do. */
export function expire(approval: ApprovalDocument, nowMs: number): Step | null {
  const current = withoutDeadClaim(approval, nowMs);
  if (current.state !== 'pending' || current.inDoubt !== null || nowMs < current.expiresAt) return null;
  return { next: { ...current, state: 'expired' }, audit: [entry('expired', nowMs)] };
}

/**
 * Withdraws a question. Null: it is over, or a decision may be on its way.
 *
 * @param evenInDoubt stops the repetition of a decision, too; what GitHub has taken before stays taken
 */
export function withdraw(approval: ApprovalDocument, by: string, nowMs: number, evenInDoubt = false): Step | null {
  const current = withoutDeadClaim(approval, nowMs);
  const { inDoubt } = current;
  const isOpen = current.state === 'pending' || (evenInDoubt && current.state === 'undelivered');
  if (!isOpen || (inDoubt !== null && !evenInDoubt)) return null;
  const detail = inDoubt === null ? by : `${by}, while GitHub may have been told '${inDoubt}'`;
  return {
    next: { ...current, state: 'cancelled', inDoubt: null },
    audit: [entry('withdrawn', nowMs, { decision: inDoubt, detail })],
  };
}
