// The only file of approvals that makes partition names and document ids.
import { digest } from '@zekt/core';

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
