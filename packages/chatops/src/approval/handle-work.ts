import { complete, type Handler, type Settlement } from '@zekt/core';
import { postToChannel } from '../posting/ask-people.ts';
import { followSubscription } from '../subscription-approval.ts';
import { withdrawAskedBy } from './asked-by-run.ts';
import type { ApprovalsContext } from './approvals-context.ts';
import { carryOut, newClaimId, watchMessages } from './carry-out.ts';
import { expire, resume } from './machine.ts';
import { endMessages, type ApprovalWork } from './messages.ts';
import { stepApproval } from './write-approval.ts';

/** What approvals wait for: cards to post, their time to be over, a decision that got stuck, subscriptions that are asked for. */
export function approvalsHandler(context: ApprovalsContext): Handler {
  return async ({ body }) => {
    // Each step of an approval commits by itself, with what is to come after it.
    const settlement = await handle(context, body as ApprovalWork);
    return async () => ({ settlement });
  };
}

function handle(context: ApprovalsContext, work: ApprovalWork): Promise<Settlement> {
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
    case 'runCancelled':
      return withdrawAskedBy(context, work.run);
  }
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

/**
 * Repeats the same decision, under the same approval id, until GitHub says what became of it or the time for it is over. What comes next is
 * committed with what came of this try, so it does not matter whether this handler comes to its end. A dead letter that is revived repeats
 * it once more.
 */
async function resumeIt(
  context: ApprovalsContext,
  { approvalId, claimId: watched, tries = 0 }: Extract<ApprovalWork, { kind: 'resume' }>,
): Promise<Settlement> {
  const nowMs = context.clock.now();
  const claimId = newClaimId();
  const claimed = await stepApproval(
    context.store,
    approvalId,
    // Whoever looks after one lease has nothing to do with the next.
    (current) => (watched !== undefined && watched !== current.claim?.id ? null : resume(current, nowMs, claimId)),
    (next) => watchMessages(next),
  );
  if (!claimed) return complete;
  const { answer, approval } = await carryOut(context, claimed, { tries: tries + 1, isRepetition: true });
  return answer.kind !== 'done' && approval.state === 'undelivered'
    ? { settle: 'deadLetter', reason: `GitHub did not confirm the decision of ${approvalId}: ${answer.reason}` }
    : complete;
}
