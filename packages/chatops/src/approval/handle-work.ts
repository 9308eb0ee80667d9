import { complete, type Handler, type Settlement } from '@zekt/core';
import { postToChannel } from '../posting/ask-people.ts';
import { followSubscription } from '../subscription-approval.ts';
import { findApproval, type ApprovalDocument } from './approval-document.ts';
import type { ApprovalsContext } from './approvals-context.ts';
import { carryOut, newClaimId } from './carry-out.ts';
import { endMessages } from './decide.ts';
import { expire, resume } from './machine.ts';
import type { ApprovalWork } from './messages.ts';
import { stepApproval } from './write-approval.ts';

/** Waits between repetitions of a decision in doubt; the last again and again, for a day. */
const repeatWaitsMs = [5000, 15_000, 60_000, 300_000, 900_000] as const;
const maxRepeats = 100;

/** What approvals wait for: cards to post, their time to be over, a decision that got stuck, subscriptions that are asked for. */
export function approvalsHandler(context: ApprovalsContext): Handler {
  return async ({ body }) => {
    const work = body as ApprovalWork;
    switch (work.kind) {
      case 'ask':
      case 'tell':
        return postToChannel(context, work);
      case 'expire':
        return expireIt(context, work.approvalId);
      case 'resume':
        return resumeIt(context, work);
      case 'subscription':
        return followSubscription(context, work);
    }
  };
}

async function expireIt(context: ApprovalsContext, id: string): Promise<Settlement> {
  const nowMs = context.clock.now();
  const expired = await stepApproval(
    context.store,
    id,
    (current) => expire(current, nowMs),
    (next) => endMessages('approval.expired', next, nowMs),
  );
  if (expired) context.count('approvals.expired');
  return complete;
}

/** Whoever looks after one lease has nothing to do with the next. */
const isStale = ({ claimId }: Extract<ApprovalWork, { kind: 'resume' }>, { claim }: ApprovalDocument): boolean =>
  claimId !== undefined && claimId !== claim?.id;

/** Repeats the same decision, under the same approval id, until GitHub says what became of it. */
async function resumeIt(
  context: ApprovalsContext,
  work: Extract<ApprovalWork, { kind: 'resume' }>,
): Promise<Settlement> {
  const nowMs = context.clock.now();
  const claimId = newClaimId();
  const claimed = await stepApproval(
    context.store,
    work.approvalId,
    (current) => (isStale(work, current) ? null : resume(current, nowMs, claimId)),
    () => [],
  );
  if (!claimed) {
    const current = (await findApproval(context.store, work.approvalId))?.body;
    // Somebody is at it now; whether they come to an end is seen when their lease is over.
    return current?.claim && !isStale(work, current) ? { settle: 'again', at: current.claim.until } : complete;
  }
  const { answer } = await carryOut(context, claimed, { isRepeating: true });
  if (answer.kind === 'done') return complete;
  const tries = (work.tries ?? 0) + 1;
  if (tries >= maxRepeats)
    return {
      settle: 'deadLetter',
      reason: `GitHub did not confirm the decision of ${work.approvalId}: ${answer.reason}`,
    };
  const waitMs = repeatWaitsMs[Math.min(tries, repeatWaitsMs.length - 1)] ?? 0;
  return {
    settle: 'again',
    at: context.clock.now() + waitMs,
    body: { kind: 'resume', approvalId: work.approvalId, tries },
  };
}
