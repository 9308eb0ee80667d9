import { isoTime, refuseReserved } from '@zekt/core';
import { createHash } from 'node:crypto';
import type { ApprovalDocument, Decision, PreparedDispatch, Vote } from './approval-document.ts';
import { parseExact } from './exact-json.ts';

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export const defaultEventType = (decision: Decision): string => `zekt.approval.${decision}`;

/**
 * What could be dispatched, bound to what is shown by its digest. Of Zekt's own event types it may have the one that means this decision.
 *
 * @param payload JSON text, as it came; null for none
 * @throws ZektError `reserved_event_type`
 */
export function prepareDispatch(
  given: { readonly eventType?: string } | undefined,
  payload: string | null,
  decision: Decision,
): PreparedDispatch {
  const own = defaultEventType(decision);
  const eventType = given?.eventType ?? own;
  if (eventType !== own) refuseReserved(decision === 'approved' ? 'onApprove' : 'onReject', [eventType]);
  return {
    eventType,
    payload,
    payloadSha256: sha256(payload ?? ''),
  };
}

/**
 * The `client_payload` that tells a repository of a decision. It is the same for every repetition of the same decision.
 *
 * @returns null when the stored payload is not the one whose digest people were shown
 */
export function decisionPayload(approval: ApprovalDocument, prepared: PreparedDispatch, vote: Vote): object | null {
  if (sha256(prepared.payload ?? '') !== prepared.payloadSha256) return null;
  const { requester, target } = approval;
  const { name: _, ...approver } = vote.actor;
  return {
    approvalId: approval.id,
    decision: vote.decision,
    comment: vote.comment,
    approver,
    request: {
      title: approval.title,
      repository: requester?.repository ?? target?.repository ?? null,
      runId: requester?.runId ? Number(requester.runId) : null,
      environment: approval.environment,
      version: approval.version,
    },
    decidedAt: isoTime(vote.at),
    payloadSha256: prepared.payloadSha256,
    ...(prepared.payload !== null && { payload: parseExact(prepared.payload) }),
  };
}
