import { repositoryRef } from '../identity/keys.ts';
import type { DirectoryWork } from '../hints.ts';
import type { FollowContext } from './follow-context.ts';
import { noteRepository } from './repository.ts';
import { followOwner } from './transfer.ts';

/** Takes in what GitHub says of a repository, then makes everything that hangs on it agree with the newest that is known. */
export async function followRepository(
  { store, clock, issuer }: FollowContext,
  fact: Extract<DirectoryWork, { readonly kind: 'repository' }>,
): Promise<void> {
  const { repository, owner, ownerId, archived, changedAt } = fact;
  const deleted = fact.action === 'deleted';
  const known = await noteRepository(store, repositoryRef(issuer, repository.id), changedAt, {
    fullName: repository.fullName,
    owner,
    ownerId,
    archived,
    deleted,
    ...(fact.installationId !== null && { installationId: fact.installationId }),
    ...(deleted && { installationId: null }),
  });
  if (known) await followOwner(store, known, clock.now());
}
