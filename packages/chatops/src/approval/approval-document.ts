import type { Actor, Approval, ApprovalFact, ApprovalVote } from '@zekt/contracts';
import type { DocumentStore, RepositoryRef, RequestKey, Stored, SubscriptionPointer } from '@zekt/core';
import { approvalDocumentId, approvalPartition } from '../keys.ts';

export type Decision = 'approved' | 'rejected';

/** As it is kept. While a decision is in doubt it is `pending` or `dispatching`; {@link shownState} says so to the outside. */
export type ApprovalState = Exclude<Approval['state'], 'inDoubt'>;

/** One person or group that may decide. People by id: names change hands. */
export type Approver =
  | { readonly kind: 'github'; readonly id: string; readonly login: string }
  /** `organisation/team-slug`; `via`: the repository whose installation tells who is in it. */
  | { readonly kind: 'githubTeam'; readonly team: string; readonly via: RepositoryRef }
  | { readonly kind: 'entra'; readonly tenant: string; readonly id: string }
  | { readonly kind: 'entraGroup'; readonly tenant: string; readonly id: string };

export interface Policy {
  readonly approvers: readonly Approver[];
  readonly quorum: number;
  readonly requesterMayApprove: boolean;
  readonly requireRejectComment: boolean;
}

/** Who asks: a run of a workflow, or nobody in particular (an operator). */
export interface Requester {
  readonly repository: string;
  readonly ref: RepositoryRef;
  /** The owner for whom it asked: the question is no other's, whoever gets the repository. */
  readonly ownerId: string;
  readonly runId: string | null;
  readonly runAttempt: number | null;
  readonly actor: string | null;
  readonly actorId: string | null;
}

/** One of the two things that may be dispatched. */
export interface PreparedDispatch {
  readonly eventType: string;
  /** JSON text; null for none. */
  readonly payload: string | null;
  /** SHA-256 of the payload's text (of nothing, when there is none), hexadecimal. */
  readonly payloadSha256: string;
}

export interface Target {
  readonly repository: string;
  readonly ref: RepositoryRef;
  /** Its owner when people were asked: what they decided is not for another. */
  readonly ownerId: string;
  readonly installationId: string;
  readonly approved: PreparedDispatch;
  readonly rejected: PreparedDispatch;
}

export interface Vote {
  readonly decision: Decision;
  readonly actor: Actor;
  readonly comment: string;
  readonly via: ApprovalVote['via'];
  /** Those of the policy's Entra groups that their sign-in told of. */
  readonly groups: readonly string[];
  /** Of the click, where it had one: the same click again is told what it was told before. */
  readonly requestId: string | null;
  readonly at: number;
}

/** Somebody is carrying a decision out until `until` (ms); after that, whoever comes next takes over. */
export interface Claim {
  readonly id: string;
  readonly decision: Decision;
  readonly until: number;
}

export interface Posting {
  readonly channel: string;
  readonly state: 'waiting' | 'posted' | 'failed';
  readonly tries: number;
  readonly reason: string | null;
  readonly at: number | null;
}

/** The request that people are asked about, and no later one. */
export interface AskedSubscription extends RequestKey {
  readonly pointer: SubscriptionPointer;
  readonly name: string;
  readonly service: string;
}

/** A question to people, with one decision. */
export interface ApprovalDocument {
  readonly id: string;
  readonly state: ApprovalState;
  readonly title: string;
  readonly text: string;
  readonly environment: string | null;
  readonly version: string | null;
  readonly facts: readonly ApprovalFact[];
  readonly policy: Policy;
  readonly requester: Requester | null;
  /** Of whoever started the run, as the request gave it. */
  readonly requesterEntra: { readonly tenant: string; readonly id: string } | null;
  /** Whether it is withdrawn when its run is cancelled. */
  readonly cancelWithRun: boolean;
  /** The subscription request that it decides, if it does. */
  readonly subscription: AskedSubscription | null;
  readonly target: Target | null;
  /** The latest of each person. */
  readonly votes: readonly Vote[];
  readonly claim: Claim | null;
  /** GitHub may have taken this decision without saying so: until it says, no other is possible. It stays when the doubt ended so. */
  readonly inDoubt: Decision | null;
  readonly decision: Vote | null;
  readonly dispatch: {
    readonly tries: number;
    readonly status: number | null;
    readonly reason: string | null;
    readonly at: number | null;
  };
  readonly posting: Posting | null;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly decidedAt: number | null;
  /** How many entries the audit trail has. */
  readonly audited: number;
}

/** One step, written once and never changed. */
export interface AuditEntry {
  readonly at: number;
  readonly what:
    'requested' | 'voted' | 'dropped' | 'claimed' | 'answered' | 'decided' | 'expired' | 'withdrawn' | 'undelivered';
  readonly decision: Decision | null;
  readonly actor: Actor | null;
  readonly via: string | null;
  readonly requestId: string | null;
  readonly githubStatus: number | null;
  readonly detail: string | null;
}

export const isApprovalId = (text: string): boolean => /^apr_[0-9a-f]{32}$/.test(text);

/** The state that people and programs see. */
export const shownState = (approval: ApprovalDocument): Approval['state'] =>
  !isOver(approval) && approval.inDoubt !== null ? 'inDoubt' : approval.state;

/** Nothing changes any more. */
export const isOver = ({ state }: ApprovalDocument): boolean => state !== 'pending' && state !== 'dispatching';

export async function findApproval(store: DocumentStore, id: string): Promise<Stored<ApprovalDocument> | null> {
  return isApprovalId(id) ? store.get<ApprovalDocument>(approvalPartition(id), approvalDocumentId) : null;
}

/** A person is their provider, tenant and id. */
export const isSameActor = (a: Actor, b: Actor): boolean =>
  a.provider === b.provider && a.tenant === b.tenant && a.id === b.id;
