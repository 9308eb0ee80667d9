import {
  decideSubscription,
  getRepository,
  repositoryIdOf,
  ZektError,
  type BusMessage,
  type DispatchAnswer,
} from '@zekt/core';
import { randomBytes } from 'node:crypto';
import type { ApprovalDocument, AskedSubscription } from './approval-document.ts';
import type { ApprovalsContext } from './approvals-context.ts';
import { decisionPayload } from './client-payload.ts';
import { doubtEndsAt, settle, type EffectAnswer } from './machine.ts';
import { approvalEvent, approvalMessage, endMessages } from './messages.ts';
import { stepApproval } from './write-approval.ts';

/** Of the four seconds in which a click must be answered, GitHub gets three; less where some are gone already. */
const gitHubLimitMs = 3000;
const leastGitHubMs = 500;
/** Waits before a decision in doubt is repeated; the last one again and again, until an hour after the question's own time. */
const repeatWaitsMs = [5000, 15_000, 60_000, 300_000, 900_000, 1_800_000, 3_600_000] as const;

/** Whoever claims may die on the way, so somebody looks after the lease. */
export function watchMessages({ id, state, claim }: ApprovalDocument): BusMessage[] {
  if (state !== 'dispatching' || !claim) return [];
  return [approvalMessage({ kind: 'resume', approvalId: id, claimId: claim.id }, `lease-${claim.id}`, claim.until)];
}

export const newClaimId = (): string => randomBytes(12).toString('hex');

/**
 * Carries out the decision that an approval is claimed for, and records what came of it.
 *
 * @param tries how often it was repeated before
 * @param answerBy when whoever waits must have an answer (ms)
 * @param isRepetition nobody waits; when the time for repeating is over, the doubt ends here
 * @returns what it came to, and the approval afterwards (as it was, when another has taken over meanwhile)
 */
export async function carryOut(
  context: ApprovalsContext,
  claimed: ApprovalDocument,
  {
    tries = 0,
    answerBy,
    isRepetition = false,
  }: { readonly tries?: number; readonly answerBy?: number; readonly isRepetition?: boolean } = {},
): Promise<{ readonly answer: EffectAnswer; readonly approval: ApprovalDocument }> {
  const { store, clock, count } = context;
  const leftMs = answerBy === undefined ? gitHubLimitMs : Math.max(answerBy - clock.now(), leastGitHubMs);
  const answer = await attempt(context, claimed, Math.min(leftMs, gitHubLimitMs));
  const nowMs = clock.now();
  const settled = await stepApproval(
    store,
    claimed.id,
    (current) => settle(current, claimed.claim?.id ?? '', answer, nowMs, isRepetition),
    (next) => {
      if (answer.kind === 'done') {
        const tell = next.posting ? [approvalMessage({ kind: 'tell', approvalId: next.id }, 'decision')] : [];
        return [approvalEvent('approval.decided', next, nowMs), ...tell];
      }
      if (next.state === 'undelivered') return endMessages('approval.undelivered', next, nowMs);
      if (next.inDoubt === null) return [];
      const waitMs = repeatWaitsMs[Math.min(tries, repeatWaitsMs.length - 1)] ?? 0;
      const work = { kind: 'resume', approvalId: next.id, tries } as const;
      // The last try is made when the time is over, and its failure is the end.
      const at = Math.max(Math.min(nowMs + waitMs, doubtEndsAt(next)), nowMs);
      return [approvalMessage(work, claimed.claim?.id ?? '', at)];
    },
  );
  count(`approvals.${answer.kind === 'done' ? (claimed.claim?.decision ?? 'decided') : answer.kind}`);
  return { answer, approval: settled ?? claimed };
}

async function attempt(context: ApprovalsContext, approval: ApprovalDocument, limitMs: number): Promise<EffectAnswer> {
  const { claim, target, subscription } = approval;
  const vote = approval.votes.findLast(({ decision }) => decision === claim?.decision);
  if (!claim || !vote) throw new Error(`Approval ${approval.id} is claimed without a vote for it.`);
  if (subscription) return decideIt(context, approval, subscription, vote);
  if (!target) return { kind: 'done', status: null };
  const prepared = target[claim.decision];
  const clientPayload = decisionPayload(approval, prepared, vote);
  if (!clientPayload) {
    const reason = 'The stored payload is not the one that was shown: its digest differs.';
    context.log.error({ approvalId: approval.id }, reason);
    return { kind: 'refused', status: null, cause: 'notShown', reason };
  }
  // Renamed or installed anew since people were asked.
  const now = await getRepository(context.store, target.ref);
  if (now && now.ownerId !== target.ownerId) {
    const reason = `${target.repository} has another owner since people were asked.`;
    return { kind: 'refused', status: null, cause: 'notAccepted', reason };
  }
  const dispatch = context.github.dispatch({
    installationId: now?.installationId ?? target.installationId,
    repositoryId: repositoryIdOf(target.ref),
    repository: now?.fullName ?? target.repository,
    eventType: prepared.eventType,
    clientPayload,
  });
  return meaningOf(await withinLimit(dispatch, limitMs));
}

async function withinLimit(dispatch: Promise<DispatchAnswer>, limitMs: number): Promise<DispatchAnswer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<DispatchAnswer>((resolve) => {
    const reason = `GitHub did not answer within ${limitMs / 1000} s.`;
    timer = setTimeout(() => resolve({ kind: 'retry', status: null, reason }), limitMs);
  });
  try {
    return await Promise.race([
      dispatch.catch((error: unknown): DispatchAnswer => {
        return { kind: 'retry', status: null, reason: error instanceof Error ? error.message : 'unknown failure' };
      }),
      late,
    ]);
  } finally {
    clearTimeout(timer);
  }
}

/** An answer of GitHub, as the table of answers to a click divides them. */
export function meaningOf(answer: DispatchAnswer): EffectAnswer {
  switch (answer.kind) {
    case 'accepted':
      return { kind: 'done', status: answer.status };
    case 'limited':
      return { kind: 'busy', status: answer.status, reason: answer.reason };
    case 'suspended':
      return { kind: 'refused', status: 403, cause: 'noPermission', reason: answer.reason };
    case 'refused': {
      const { status, reason } = answer;
      const cause = status === 404 ? 'notFound' : status === 403 ? 'noPermission' : 'notAccepted';
      return { kind: 'refused', status, cause, reason };
    }
    case 'retry': {
      const { status, reason } = answer;
      return status === 401
        ? { kind: 'refused', status, cause: 'noPermission', reason }
        : { kind: 'unknown', status, reason };
    }
  }
}

/** Decides the very request that was shown; doing it again changes nothing. */
async function decideIt(
  { store, clock }: ApprovalsContext,
  approval: ApprovalDocument,
  { pointer, digest }: AskedSubscription,
  { decision, actor, comment }: ApprovalDocument['votes'][number],
): Promise<EffectAnswer> {
  const by = `${actor.provider}:${actor.name ?? actor.id}`;
  try {
    await decideSubscription(
      store,
      pointer.id,
      {
        state: decision,
        by,
        side: 'provider',
        approvalId: approval.id,
        digest,
        ...(comment !== '' && { reason: comment }),
      },
      clock.now(),
    );
    return { kind: 'done', status: null };
  } catch (error) {
    if (!(error instanceof ZektError) || error.code === 'unavailable') throw error;
    return { kind: 'refused', status: null, cause: 'notAccepted', reason: error.message };
  }
}
