import { createHash } from 'node:crypto';
import { groupPrefix, ownMetadata } from './metadata.ts';
import type { NotificationEvent } from './notification-event.ts';

/** What makes two events the same one, as notification-controller has it: severity, reason and other metadata do not count. */
export function dedupeKey(event: NotificationEvent): string {
  const { name = '', namespace = '', kind = '' } = event.involvedObject;
  const group = groupPrefix(event);
  const metadata = ownMetadata(event);
  const parts = ['event', `name=${name}`, `namespace=${namespace}`, `kind=${kind}`, `message=${event.message}`];
  for (const key of ['originRevision', 'revision', 'token']) {
    const value = metadata[`${group}${key}`];
    if (value !== undefined) parts.push(`${key}=${value}`);
  }
  return createHash('sha256').update(parts.join('/')).digest('hex');
}
