import type { ApprovalRecord } from '@zekt/contracts';
import { isoTime } from '@zekt/core';
import { CompactSign, exportJWK } from 'jose';
import type { ApprovalDocument, AuditEntry } from './approval/approval-document.ts';
import type { ApprovalsContext } from './approval/approvals-context.ts';
import { presentApproval } from './approval/present-approval.ts';
import type { SigningKeys } from './approval/signing-keys.ts';
import { approvalPartition, auditPrefix } from './keys.ts';

/** Longer than any trail: a vote of each of 50 people, changed now and then, and a hundred answers of GitHub. */
const maxEntries = 1000;

/** A signed record for auditors: question, policy, digests, every step and the outcome. Links are left out: they hold tokens. */
export async function evidenceOf(context: ApprovalsContext, approval: ApprovalDocument): Promise<string> {
  const { store, clock, keys, publicUrl } = context;
  const trail = await store.list<AuditEntry>(approvalPartition(approval.id), {
    prefix: auditPrefix,
    limit: maxEntries,
  });
  const record: ApprovalRecord = {
    iss: publicUrl(),
    iat: Math.floor(clock.now() / 1000),
    approval: { ...presentApproval(context, approval), url: `${publicUrl()}/chatops/approvals/${approval.id}` },
    audit: trail.items.map(({ body: { at, ...entry } }) => ({ at: isoTime(at), ...entry })),
  };
  const { keyId, key } = keys.evidence;
  return new CompactSign(Buffer.from(JSON.stringify(record)))
    .setProtectedHeader({ alg: 'EdDSA', kid: keyId, typ: 'zekt-approval+jws' })
    .sign(key);
}

/** The keys that evidence is checked with, as a JWK set. */
export async function evidenceKeys(keys: SigningKeys): Promise<{ keys: Record<string, unknown>[] }> {
  return {
    keys: await Promise.all(
      keys
        .publicKeys()
        .map(async ({ keyId, key }) => ({ ...(await exportJWK(key)), kid: keyId, alg: 'EdDSA', use: 'sig' })),
    ),
  };
}
