import { isoTime } from '@zekt/core';
import type { ApprovalDocument, Target } from '../approval/approval-document.ts';

export interface Fact {
  readonly name: string;
  readonly value: string;
  /** Long, of no words: it is set in a way of its own. */
  readonly isDigest?: true;
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

/** `2026-11-22 10:00 UTC` */
export const shortTime = (ms: number): string => `${isoTime(ms).slice(0, 16).replace('T', ' ')} UTC`;

export function cardContent(approval: ApprovalDocument): CardContent {
  const { state, title, requester, target, environment, version, policy, votes, decision, subscription } = approval;
  const heading = headings[state];
  const isOpen = state === 'pending' || state === 'dispatching';
  const approvals = votes.filter((vote) => vote.decision === 'approved').length;
  const facts: (Fact | null)[] = [
    version === null ? null : { name: 'Version', value: version },
    environment === null ? null : { name: 'Environment', value: environment },
    ...approval.facts,
    requester?.actor ? { name: 'Requested by', value: requester.actor } : null,
    policy.quorum > 1 ? { name: 'Approvals', value: `${approvals} of ${policy.quorum}` } : null,
    isOpen ? { name: 'Expires', value: shortTime(approval.expiresAt) } : { name: 'State', value: state },
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
