import { complete, type Settlement } from '@zekt/core';
import type { ApprovalDocument, Posting } from '../approval/approval-document.ts';
import { findApproval, isOver } from '../approval/approval-document.ts';
import type { ApprovalsContext } from '../approval/approvals-context.ts';
import type { ApprovalWork } from '../approval/messages.ts';
import { stepApproval } from '../approval/write-approval.ts';
import { cardOf } from '../cards/card-of.ts';
import { getChannel } from '../channel.ts';
import { noteChannel } from '../channel-state.ts';
import { postCard, type PostOutcome } from './post-card.ts';

/** From two seconds, doubling: about a quarter of an hour in all. */
const maxTries = 9;
const firstWaitMs = 2000;

/**
 * Posts the card that asks, or the one that tells what came of it: a card in Teams can't be changed by us. What came of the posting is
 * noted at the approval.
 */
export async function postToChannel(
  context: ApprovalsContext,
  work: Extract<ApprovalWork, { kind: 'ask' | 'tell' }>,
): Promise<Settlement> {
  const { store, clock, random, log, count } = context;
  const approval = (await findApproval(store, work.approvalId))?.body;
  // Nobody is asked what is decided already.
  if (!approval?.posting || (work.kind === 'ask' && isOver(approval))) return complete;
  const tries = (work.tries ?? 0) + 1;
  const outcome = await post(context, approval, approval.posting.channel);
  const nowMs = clock.now();
  const isGivenUp = outcome.kind === 'failed' || (outcome.kind === 'again' && tries >= maxTries);
  const posting: Posting = {
    channel: approval.posting.channel,
    state: outcome.kind === 'posted' ? 'posted' : isGivenUp ? 'failed' : 'waiting',
    tries,
    reason: outcome.kind === 'posted' ? null : outcome.reason,
    at: nowMs,
  };
  await stepApproval(
    store,
    approval.id,
    (current) => ({ next: { ...current, posting }, audit: [] }),
    () => [],
  );
  await noteChannel(store, approval.posting.channel, outcome, nowMs);
  count(`cards.${isGivenUp ? 'failed' : outcome.kind}`);
  if (outcome.kind === 'posted' || isGivenUp) {
    if (isGivenUp)
      log.warn({ approvalId: approval.id, ...posting }, 'a card could not be posted; the page still takes decisions');
    return complete;
  }
  const backoffMs = firstWaitMs * 2 ** (tries - 1) * (0.8 + 0.4 * random());
  return { settle: 'again', at: nowMs + Math.max(backoffMs, outcome.afterMs ?? 0), body: { ...work, tries } };
}

async function post(context: ApprovalsContext, approval: ApprovalDocument, name: string): Promise<PostOutcome> {
  const channel = await getChannel(context.store, name);
  if (!channel) return { kind: 'failed', reason: `There is no channel '${name}' any more.` };
  const url = await context.secrets.get(channel.urlSecret);
  if (url === null) return { kind: 'failed', reason: `There is no secret '${channel.urlSecret}'.` };
  const card = cardOf(context, approval, channel.type === 'workflows' ? 'workflows' : 'message');
  return postCard(context.post, url, card, context.clock.now());
}
