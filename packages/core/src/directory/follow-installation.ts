import { repositoryRef, type RepositoryRef } from '../identity/keys.ts';
import { domainEvent } from '../journal/append.ts';
import { releaseHint, type DirectoryWork } from '../hints.ts';
import type { BusMessage } from '../ports/bus.ts';
import type { FollowContext } from './follow-context.ts';
import { noteInstallation } from './installation.ts';
import { getRepository, noteRepository, type RepositoryDocument } from './repository.ts';
import { followOwner } from './transfer.ts';

/**
 * Takes in what GitHub says of an installation and the repositories in it.
 *
 * @returns what is to be done then: what was put aside while it was suspended goes on
 */
export async function followInstallation(
  context: FollowContext,
  fact: Extract<DirectoryWork, { readonly kind: 'installation' }>,
): Promise<readonly BusMessage[]> {
  const { store, clock, issuer } = context;
  const { installationId, account, accountId, suspended, deleted, changedAt } = fact;
  const known = Object.keys(fact.permissions).length > 0 ? { permissions: fact.permissions } : {};
  const event = domainEvent('installation.changed', clock.now(), {
    once: `${installationId}:${fact.action}:${changedAt}`,
    summary: `The Zekt App's installation on ${account}: ${fact.action}.`,
    reason: fact.action,
  });
  await noteInstallation(
    store,
    installationId,
    changedAt,
    { account, accountId, deleted, ...known, ...(suspended !== null && { suspended }) },
    [event],
  );
  for (const { id, fullName } of fact.repositories) {
    const news = { fullName, owner: account, ownerId: accountId, installationId: deleted ? null : installationId };
    await followInstalled(context, repositoryRef(issuer, id), changedAt, news);
  }
  for (const { id } of fact.removed)
    await followInstalled(context, repositoryRef(issuer, id), changedAt, { installationId: null });
  return suspended === false && !deleted ? [releaseHint(installationId, String(changedAt))] : [];
}

/** What nobody has heard of has no rights yet, so nothing hangs on it. */
async function followInstalled(
  { store, clock }: FollowContext,
  repository: RepositoryRef,
  changedAt: number,
  news: Partial<Pick<RepositoryDocument, 'fullName' | 'owner' | 'ownerId' | 'installationId'>>,
): Promise<void> {
  const isKnown = (await getRepository(store, repository)) !== null;
  const now = await noteRepository(store, repository, changedAt, news);
  if (isKnown && now) await followOwner(store, now, clock.now());
}
