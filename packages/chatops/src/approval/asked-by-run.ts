import { complete, ZektError, type DocumentStore, type RunKey, type Settlement } from '@zekt/core';
import { askedByPartition, runCancelledId } from '../keys.ts';
import { findApproval, isOver, type ApprovalDocument } from './approval-document.ts';
import type { ApprovalsContext } from './approvals-context.ts';
import { cancelApproval } from './decide.ts';

/** A question that a run asked; its id is the approval's. */
interface AskedByRun {
  readonly approvalId: string;
}

/** The tokens of a run that was cancelled are good for less than this (ms). */
const cancelledForMs = 3_600_000;
const pageSize = 100;

/** The attempt of a run that asked, where its cancellation withdraws the question. */
export function runOf({ requester, subscription, cancelWithRun }: ApprovalDocument): RunKey | null {
  if (requester?.runId == null || requester.runAttempt === null || subscription || !cancelWithRun) return null;
  return { repository: requester.ref, runId: requester.runId, attempt: requester.runAttempt };
}

/** Keeps which run asked, before the question is there: so it is found whenever the run is cancelled. */
export async function noteAsked(
  store: DocumentStore,
  run: RunKey,
  { id, expiresAt }: Pick<ApprovalDocument, 'id' | 'expiresAt'>,
): Promise<void> {
  const body: AskedByRun = { approvalId: id };
  await store.commit({ partition: askedByPartition(run), writes: [{ kind: 'put', id, body, expiresAt }] });
}

export const isRunCancelled = async (store: DocumentStore, run: RunKey): Promise<boolean> =>
  (await store.get(askedByPartition(run), runCancelledId)) !== null;

/**
 * Withdraws what a cancelled run asked and nobody has decided. That it was cancelled is kept before its questions are looked for: one that it
 * is asking at this moment finds that, and one that was asked before is found.
 */
export async function withdrawAskedBy(context: ApprovalsContext, run: RunKey): Promise<Settlement> {
  const { store, clock } = context;
  const partition = askedByPartition(run);
  await store.commit({
    partition,
    writes: [{ kind: 'put', id: runCancelledId, body: {}, expiresAt: clock.now() + cancelledForMs }],
  });
  let after: string | undefined;
  do {
    const page = await store.list<AskedByRun>(partition, {
      prefix: 'apr_',
      limit: pageSize,
      ...(after !== undefined && { after }),
    });
    for (const { body } of page.items) await withdrawWithRun(context, body.approvalId);
    after = page.next ?? undefined;
  } while (after !== undefined);
  return complete;
}

/** @returns the approval as it is afterwards; null when there is none yet: whoever makes it sees that its run was cancelled */
export async function withdrawWithRun(context: ApprovalsContext, id: string): Promise<ApprovalDocument | null> {
  const found = await findApproval(context.store, id);
  if (!found || isOver(found.body)) return found?.body ?? null;
  try {
    return await cancelApproval(context, id, 'The run that asked was cancelled.');
  } catch (error) {
    // Somebody is deciding it at this moment; that was before.
    if (error instanceof ZektError && error.code === 'approval_in_progress') return found.body;
    throw error;
  }
}
