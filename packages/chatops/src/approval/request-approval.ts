import { limits, type ApprovalPolicy, type ApprovalRequest } from '@zekt/contracts';
import {
  addToTimeline,
  approvalTimeline,
  digest,
  getRepository,
  releasePlace,
  takePlace,
  ZektError,
  type DocumentStore,
  type RepositoryRef,
  type ResolvedRepository,
} from '@zekt/core';
import { randomBytes } from 'node:crypto';
import { getChannel, type ChannelDocument } from '../channel.ts';
import {
  findApproval,
  isOver,
  type ApprovalDocument,
  type Decision,
  type Requester,
  type Target,
} from './approval-document.ts';
import type { ApprovalsContext } from './approvals-context.ts';
import { refuseConfusedEvents } from './confused-events.ts';
import { refuseOwnLabels } from './own-labels.ts';
import { prepareDispatch } from './client-payload.ts';
import { doubtEndsAt, requested } from './machine.ts';
import { approvalEvent, approvalMessage } from './messages.ts';
import { openQuestionsOf } from './open-questions.ts';
import { requesterAccounts, requireKnownRequester } from './requester-accounts.ts';
import { requireDecidable } from './require-decidable.ts';
import { resolvePolicy } from './resolve-policy.ts';
import { isRunCancelled, noteAsked, runOf, withdrawWithRun } from './asked-by-run.ts';
import type { Asker } from './seer-of-team.ts';
import { createApproval } from './write-approval.ts';

export interface NewApproval {
  readonly request: Pick<
    ApprovalRequest,
    | 'title'
    | 'text'
    | 'environment'
    | 'version'
    | 'facts'
    | 'expiresInSeconds'
    | 'onApprove'
    | 'onReject'
    | 'channel'
    | 'requester'
    | 'cancelWithRun'
  > & { readonly policy: ApprovalPolicy };
  /** JSON texts of what goes along with each decision, as they came; null for none. @default none */
  readonly payloads?: Readonly<Record<Decision, string | null>>;
  readonly requester: Requester | null;
  /** Repository in whose name people are asked, and GitHub is, where that is not the requester's. */
  readonly asker?: RepositoryRef;
  /** Where the decision is dispatched; null: nowhere. */
  readonly repository: Pick<ResolvedRepository, 'ref' | 'ownerId' | 'fullName' | 'installationId'> | null;
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
 * @throws ZektError `invalid_body`, `payload_too_large_for_dispatch`, `too_many_requests`, or `not_found` and `forbidden` for the channel
 */
export async function requestApproval(context: ApprovalsContext, asked: NewApproval): Promise<ApprovalDocument> {
  const { store, clock } = context;
  const { request, requester, repository, subscription = null, key } = asked;
  const inNameOf = asked.asker ?? requester?.ref ?? null;
  const nowMs = clock.now();
  refuseOwnLabels(request.facts ?? []);
  const channel = request.channel === undefined ? null : await channelFor(store, request.channel, inNameOf);
  const asker = await askerOf(store, repository?.ref ?? asked.asker ?? null);
  const resolved = await resolvePolicy(context, request.policy, asker, channel);
  const { policy } = resolved;
  const entra = request.requester?.entra;
  const requesterEntra = entra ? { tenant: entra.tenant.toLowerCase(), id: entra.objectId.toLowerCase() } : null;
  const known = await requesterAccounts(store, { requester, requesterEntra });
  requireKnownRequester({ requester, requesterEntra, policy }, known);
  await requireDecidable(store, resolved, known);
  const id = key === null ? `apr_${randomBytes(16).toString('hex')}` : approvalIdOf(inNameOf ?? '', key);
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
    requesterEntra,
    cancelWithRun: request.cancelWithRun ?? true,
    subscription,
    target: repository && targetOf(repository, asked),
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
  const places = openQuestionsOf(approval);
  try {
    if (places) await takePlace(store, places, id, doubtEndsAt(approval));
  } catch (error) {
    // What was asked before is no more than there is.
    if (key !== null && (await findApproval(store, id))) return askedBefore(store, approval);
    throw error;
  }
  await addToTimeline(store, approvalTimeline, nowMs, id, { id });
  const run = runOf(approval);
  if (run) await noteAsked(store, run, approval);
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
  if (!isNew) {
    const earlier = await askedBefore(store, approval);
    if (places && isOver(earlier)) await releasePlace(store, places, id);
    return earlier;
  }
  context.count('approvals.requested');
  // Its run may have been cancelled while it asked.
  return (run && (await isRunCancelled(store, run)) ? await withdrawWithRun(context, id) : null) ?? approval;
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

/**
 * The channel to ask in: operators may ask in any, a repository where it is listed.
 *
 * @throws ZektError `forbidden`
 */
async function channelFor(
  store: DocumentStore,
  name: string,
  repository: RepositoryRef | null,
): Promise<ChannelDocument> {
  const channel = await getChannel(store, name);
  if (channel && (repository === null || channel.repositories.some(({ ref }) => ref === repository))) return channel;
  // The same answer for both: a workflow must not learn which channels there are.
  throw new ZektError(
    'forbidden',
    `There is no channel '${name}' in which this repository may ask. An operator adds it with zekt apply.`,
  );
}

/** In whose name GitHub is asked who people are. */
async function askerOf(store: DocumentStore, ref: RepositoryRef | null): Promise<Asker | null> {
  const known = ref && (await getRepository(store, ref));
  return ref && known?.installationId ? { ref, owner: known.owner, installationId: known.installationId } : null;
}

function targetOf(
  repository: NonNullable<NewApproval['repository']>,
  { request: { onApprove, onReject }, payloads }: NewApproval,
): Target {
  const target: Target = {
    repository: repository.fullName,
    ref: repository.ref,
    ownerId: repository.ownerId,
    installationId: repository.installationId,
    approved: prepareDispatch(onApprove, payloads?.approved ?? null, 'approved'),
    rejected: prepareDispatch(onReject, payloads?.rejected ?? null, 'rejected'),
  };
  refuseConfusedEvents(target);
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
