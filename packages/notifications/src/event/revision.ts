import type { NotificationEvent } from './notification-event.ts';

/** An event says nothing that a commit could be found by. */
export class RevisionError extends Error {
  override readonly name = 'RevisionError';
}

/**
 * The commit that an event is about: from `commit`, else `originRevision`, else `revision`. `main@sha1:H`, `sha1:H`, `main/H` and `H` are
 * understood. H has 40 hexadecimal characters (SHA-1), or 64 (a repository with SHA-256). It becomes part of an address, so it is nothing else.
 *
 * @throws RevisionError
 */
export function commitHash({ metadata = {} }: NotificationEvent): string {
  const revision = metadata.commit ?? metadata.originRevision ?? metadata.revision;
  if (revision === undefined) throw new RevisionError('missing revision metadata');
  const afterColon = revision.slice(revision.lastIndexOf(':') + 1);
  const hash = revision.includes(':') ? afterColon : revision.slice(revision.lastIndexOf('/') + 1);
  const isSha1 = /^[\da-f]{40}$/i.test(hash);
  // After `sha256:` stands the digest of an artifact.
  const isSha256 = /^[\da-f]{64}$/i.test(hash) && !/sha256:[\da-f]{64}$/i.test(revision);
  if (!isSha1 && !isSha256)
    throw new RevisionError(`failed to extract commit hash from '${revision.slice(0, 200)}' revision`);
  return hash;
}
