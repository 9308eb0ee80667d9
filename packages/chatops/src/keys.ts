// The only file of approvals that makes partition names and document ids.
import { digest, type RepositoryRef, type RunKey } from '@zekt/core';
import { accountKey, type Account } from './identity/account.ts';

export const approvalPartition = (id: string): string => `approval:${id}`;
export const approvalDocumentId = 'approval';
export const auditPrefix = 'audit:';
export const auditId = (index: number): string => `${auditPrefix}${String(index).padStart(6, '0')}`;

/** Every channel, by name. */
export const channelsPartition = 'channels';
/** What came of the last card of each. */
export const channelStatesPartition = 'channel-states';

/** Only the digest of a session's id is kept. */
export const sessionPartition = (id: string): string => `session:${digest(id)}`;
export const sessionDocumentId = 'session';
/** Of a sign-in that is to link another account. */
export const linkIntentId = 'link';
/** Of another account that its person has signed in with and not confirmed yet. */
export const linkPendingId = 'link-pending';

/** Which accounts are of one person: each identity by its name, and for each account those that it is part of. */
export const identitiesPartition = 'identities';
export const identityPrefix = 'name/';
export const identityId = (name: string): string => `${identityPrefix}${name}`;
export const accountLinksId = (account: Account): string => `account/${accountKey(account)}`;

/** What a repository has asked people and is not over, by the ids of the approvals. */
export const openQuestionsPartition = (repository: RepositoryRef): string => `open-questions:${repository}`;

/** What one attempt of a run asked people, by the ids of the approvals, and whether it was cancelled. */
export const askedByPartition = ({ repository, runId, attempt }: RunKey): string =>
  `asked-by:${repository}:${runId}:${attempt}`;
export const runCancelledId = 'cancelled';
