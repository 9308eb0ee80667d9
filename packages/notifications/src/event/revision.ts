import type { NotificationEvent } from './notification-event.ts';

/** An event says nothing that a commit could be found by. */
export class RevisionError extends Error {
  override readonly name = 'RevisionError';
}

/**
 * The commit that an event is about: from `commit`, else `originRevision`, else `revision`. `main@sha1:H`, `sha1:H`, `main/H` and `H` are
 * understood. H has 40 characters (SHA-1), or 64 hexadecimal ones (a repository with SHA-256).
 *
 * @throws RevisionError
 */
export function commitHash({ metadata = {} }: NotificationEvent): string {
  const revision = metadata.commit ?? metadata.originRevision ?? metadata.revision;
  if (revision === undefined) throw new RevisionError('missing revision metadata');
  const afterColon = revision.slice(revision.lastIndexOf(':') + 1);
  const hash = revision.includes(':') ? afterColon : revision.slice(revision.lastIndexOf('/') + 1);
  const isSha256Commit = /^[\da-f]{64}$/.test(hash) && !/sha256:[\da-f]{64}$/.test(revision);
  if (hash.length !== 40 && !isSha256Commit)
    throw new RevisionError(`failed to extract commit hash from '${revision.slice(0, 200)}' revision`);
  return hash;
}
