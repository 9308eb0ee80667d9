import { limits, type ApprovalPolicy, type ApprovalRequest } from '@zekt/contracts';
import {
  addToTimeline,
  approvalTimeline,
  digest,
  ZektError,
  type DocumentStore,
  type RepositoryRef,
  type ResolvedRepository,
} from '@zekt/core';
import { randomBytes } from 'node:crypto';
import { getChannel, mayAskIn } from '../channel.ts';
import { findApproval, type ApprovalDocument, type Requester, type Target } from './approval-document.ts';
import type { ApprovalsContext } from './approvals-context.ts';
import { prepareDispatch } from './client-payload.ts';
import { requested } from './machine.ts';
import { approvalEvent, approvalMessage } from './messages.ts';
import { resolvePolicy } from './resolve-policy.ts';
import { createApproval } from './write-approval.ts';

export interface NewApproval {
  readonly request: Pick<
    ApprovalRequest,
    'title' | 'text' | 'environment' | 'version' | 'facts' | 'expiresInSeconds' | 'onApprove' | 'onReject' | 'channel'
  > & { readonly policy: ApprovalPolicy };
  readonly requester: Requester | null;
  /** Repository in whose name people are asked, where that is not the requester's. */
  readonly asker?: RepositoryRef;
  /** Where the decision is dispatched; null: nowhere. */
  readonly repository: Pick<ResolvedRepository, 'ref' | 'ownerId' | 'fullName' | 'installationId'> | null;
  /** Through which GitHub is asked who a login is, when nothing is dispatched. */
  readonly installationId?: string;
  readonly subscription?: ApprovalDocument['subscription'];
  /** The same for the same question, so that asking twice asks once. */
  readonly key: string | null;
}

const defaultExpirySeconds = 86_400;
/** With everything around it, a payload of this size fits a `repository_dispatch`. */
const maxPayloadBytes = limits.payloadOfDecision.value;

export const approvalIdOf = (...parts: readonly string[]): string => `apr_${digest(...parts).slice(0, 32)}`;

/**
 * Asks people.
 *
 * @throws ZektError `invalid_body`, `payload_too_large_for_dispatch`, or `not_found` and `forbidden` for the channel
 */
export async function requestApproval(context: ApprovalsContext, asked: NewApproval): Promise<ApprovalDocument> {
  const { store, clock } = context;
  const { request, requester, repository, subscription = null, key } = asked;
  const nowMs = clock.now();
  if (request.channel !== undefined) await checkChannel(store, request.channel, asked.asker ?? requester?.ref ?? null);
  const installationId = repository?.installationId ?? asked.installationId ?? null;
  const policy = await resolvePolicy(context, request.policy, installationId);
  const id =
    key === null ? `apr_${randomBytes(16).toString('hex')}` : approvalIdOf(asked.asker ?? requester?.ref ?? '', key);
  const approval: ApprovalDocument = {
    id,
    state: 'pending',
    title: request.title,
    text: request.text ?? '',
    environment: request.environment ?? null,
    version: request.version ?? null,
    facts: request.facts ?? [],
    policy,
    requester,
    subscription,
    target: repository && targetOf(repository, request),
    votes: [],
    claim: null,
    inDoubt: null,
    decision: null,
    dispatch: { tries: 0, status: null, reason: null, at: null },
    posting:
      request.channel === undefined
        ? null
        : { channel: request.channel, state: 'waiting', tries: 0, reason: null, at: null },
    createdAt: nowMs,
    expiresAt: nowMs + (request.expiresInSeconds ?? defaultExpirySeconds) * 1000,
    decidedAt: null,
    audited: 0,
  };
  await addToTimeline(store, approvalTimeline, nowMs, id, { id });
  const isNew = await createApproval(
    store,
    approval,
    [requested(nowMs)],
    [
      approvalEvent('approval.requested', approval, nowMs),
      approvalMessage({ kind: 'expire', approvalId: id }, 'once', approval.expiresAt),
      ...(approval.posting ? [approvalMessage({ kind: 'ask', approvalId: id }, 'once')] : []),
    ],
  );
  if (!isNew) return askedBefore(store, approval);
  context.count('approvals.requested');
  return approval;
}

/** @throws ZektError `idempotency_key_reused` when the same key asked something else */
async function askedBefore(store: DocumentStore, approval: ApprovalDocument): Promise<ApprovalDocument> {
  const earlier = (await findApproval(store, approval.id))?.body ?? approval;
  const content = ({ title, text, facts, target }: ApprovalDocument): string =>
    JSON.stringify([title, text, facts, target]);
  if (content(earlier) === content(approval)) return earlier;
  throw new ZektError(
    'idempotency_key_reused',
    'This Idempotency-Key was used for another question of this run. Use a new key for each question.',
  );
}

/** Operators may ask anywhere; a repository where it is listed. */
async function checkChannel(store: DocumentStore, name: string, repository: RepositoryRef | null): Promise<void> {
  const mayAsk =
    repository === null ? (await getChannel(store, name)) !== null : await mayAskIn(store, name, repository);
  // The same answer for both: a workflow must not learn which channels there are.
  if (!mayAsk)
    throw new ZektError(
      'forbidden',
      `There is no channel '${name}' in which this repository may ask. An operator adds it with zekt apply.`,
    );
}

function targetOf(
  repository: NonNullable<NewApproval['repository']>,
  { onApprove, onReject }: NewApproval['request'],
): Target {
  const target: Target = {
    repository: repository.fullName,
    ref: repository.ref,
    ownerId: repository.ownerId,
    installationId: repository.installationId,
    approved: prepareDispatch(onApprove, 'approved'),
    rejected: prepareDispatch(onReject, 'rejected'),
  };
  for (const { payload } of [target.approved, target.rejected]) {
    const bytes = Buffer.byteLength(payload ?? '');
    if (bytes > maxPayloadBytes) {
      throw new ZektError(
        'payload_too_large_for_dispatch',
        `A payload has ${bytes} bytes; at most ${maxPayloadBytes} can be dispatched with a decision.`,
      );
    }
  }
  return target;
}
