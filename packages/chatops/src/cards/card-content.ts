import { shownState, type ApprovalDocument, type Target } from '../approval/approval-document.ts';
import { shortTime } from '../approval/short-time.ts';

export interface Fact {
  readonly name: string;
  readonly value: string;
  /** Long, of no words: it is set in a way of its own. */
  readonly isDigest?: true;
  /** Named by whoever asks, not by Zekt. */
  readonly isOfRequester?: true;
}

/** What a card or the page says of an approval, as plain text. */
export interface CardContent {
  /** `Approval needed`, `Approved`… */
  readonly heading: string;
  /** For lists and notifications. */
  readonly summary: string;
  readonly title: string;
  readonly subtitle: string;
  readonly text: string;
  readonly facts: readonly Fact[];
  /** Whether it can still be decided. */
  readonly isOpen: boolean;
}

const headings = {
  pending: 'Approval needed',
  dispatching: 'Approval needed',
  approved: 'Approved',
  rejected: 'Rejected',
  expired: 'Expired',
  cancelled: 'Withdrawn',
} as const;

const decided = { approved: 'Approved', rejected: 'Rejected' } as const;

/** `Approved, telling GitHub` while that is in doubt. */
export function headingOf(approval: ApprovalDocument): string {
  const state = shownState(approval);
  if (state !== 'inDoubt' && state !== 'undelivered') return headings[state];
  const decision = approval.inDoubt === null ? 'Decided' : decided[approval.inDoubt];
  return state === 'inDoubt' ? `${decision}, telling GitHub` : `${decision}, GitHub was not told`;
}

export function cardContent(approval: ApprovalDocument): CardContent {
  const { title, requester, target, environment, version, policy, votes, decision, subscription } = approval;
  const state = shownState(approval);
  const heading = headingOf(approval);
  const isOpen = state === 'pending' || state === 'dispatching';
  const approvals = votes.filter((vote) => vote.decision === 'approved').length;
  const facts: (Fact | null)[] = [
    version === null ? null : { name: 'Version', value: version },
    environment === null ? null : { name: 'Environment', value: environment },
    ...approval.facts.map((fact): Fact => ({ ...fact, isOfRequester: true })),
    requester?.actor ? { name: 'Requested by', value: requester.actor } : null,
    policy.quorum > 1 ? { name: 'Approvals', value: `${approvals} of ${policy.quorum}` } : null,
    isOpen ? { name: 'Expires', value: shortTime(approval.expiresAt) } : { name: 'State', value: stateText(approval) },
    lastAnswer(approval),
    decision?.comment ? { name: 'Comment', value: decision.comment } : null,
    ...(target ? digests(target) : []),
  ];
  return {
    heading,
    summary: `${heading}: ${title}`,
    title,
    subtitle: requester
      ? `${requester.repository}${requester.runId === null ? '' : `, run ${requester.runId}`}`
      : (target?.repository ?? subscription?.service ?? 'Zekt'),
    text: approval.text,
    facts: facts.filter((fact) => fact !== null),
    isOpen,
  };
}

const stateText = ({ state, inDoubt }: ApprovalDocument): string =>
  state === 'undelivered'
    ? `${inDoubt ?? 'decided'}; GitHub did not confirm that it was told`
    : inDoubt === null
      ? state
      : `${inDoubt}, telling GitHub`;

/** Why GitHub has not been told, where that is so. */
const lastAnswer = ({ inDoubt, dispatch }: ApprovalDocument): Fact | null =>
  inDoubt === null || dispatch.reason === null ? null : { name: 'Last answer of GitHub', value: dispatch.reason };

/** Of what is dispatched, where there is anything; one line when both decisions carry the same. */
function digests({ approved, rejected }: Target): Fact[] {
  if (approved.payload === rejected.payload)
    return approved.payload === null
      ? []
      : [{ name: 'Payload SHA-256', value: approved.payloadSha256, isDigest: true }];
  const all = [
    { name: 'Payload SHA-256 if approved', prepared: approved },
    { name: 'Payload SHA-256 if rejected', prepared: rejected },
  ];
  return all.flatMap(({ name, prepared }) =>
    prepared.payload === null ? [] : [{ name, value: prepared.payloadSha256, isDigest: true }],
  );
}
