import { historyMs, releasePlace, updateDocument, type BusMessage, type DocumentStore, type Write } from '@zekt/core';
import { approvalDocumentId, approvalPartition, auditId } from '../keys.ts';
import { isOver, type ApprovalDocument, type AuditEntry } from './approval-document.ts';
import type { Step } from './machine.ts';
import { openQuestionsOf } from './open-questions.ts';

/** Entries of the audit trail are only ever created. */
const auditWrites = (entries: readonly AuditEntry[], from: number, expiresAt: number): Write[] =>
  entries.map((body, index) => ({ kind: 'create', id: auditId(from + index), body, expiresAt }));

/** Writes a new approval with its first entry; false when there is one of this id. */
export async function createApproval(
  store: DocumentStore,
  approval: ApprovalDocument,
  audit: readonly AuditEntry[],
  messages: readonly BusMessage[],
): Promise<boolean> {
  const expiresAt = approval.createdAt + historyMs;
  const body: ApprovalDocument = { ...approval, audited: audit.length };
  const { committed } = await store.commit({
    partition: approvalPartition(approval.id),
    writes: [{ kind: 'create', id: approvalDocumentId, body, expiresAt }, ...auditWrites(audit, 0, expiresAt)],
    messages,
  });
  return committed;
}

/**
 * Moves an approval on, if it is still what `decide` saw; the audit trail and what the step announces commit with it.
 *
 * @returns the approval after the step, or null when there was nothing to do
 */
export async function stepApproval(
  store: DocumentStore,
  id: string,
  decide: (current: ApprovalDocument) => Step | null,
  announce: (next: ApprovalDocument) => readonly BusMessage[],
): Promise<ApprovalDocument | null> {
  const updated = await updateDocument<ApprovalDocument>(
    store,
    approvalPartition(id),
    approvalDocumentId,
    (current) => {
      const step = current && decide(current);
      if (!step) return null;
      const expiresAt = current.createdAt + historyMs;
      const next: ApprovalDocument = { ...step.next, audited: current.audited + step.audit.length };
      return {
        body: next,
        expiresAt,
        also: auditWrites(step.audit, current.audited, expiresAt),
        messages: announce(next),
      };
    },
  );
  if (!updated.changed) return null;
  const places = isOver(updated.body) ? openQuestionsOf(updated.body) : null;
  if (places) await releasePlace(store, places, id);
  return updated.body;
}
