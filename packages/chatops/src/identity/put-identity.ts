import type { IdentityResource } from '@zekt/contracts';
import { describeChanges, resolveRepository, ZektError, type Applied, type PutContext } from '@zekt/core';
import { getIdentity, presentIdentity, type IdentityDocument } from './identity-document.ts';
import { writeIdentity } from './write-identity.ts';

/**
 * Takes an identity that an operator applies.
 *
 * @throws ZektError `invalid_resource` for a login that does not exist or can't be asked for, `repository_not_found`, or `conflict`
 */
export async function putIdentity(
  context: PutContext,
  { metadata: { name }, spec }: IdentityResource,
): Promise<Applied<IdentityDocument>> {
  const { store, nowMs, dryRun } = context;
  const before = await getIdentity(store, name);
  const document: IdentityDocument = {
    name,
    github: await resolveAccount(context, name, spec),
    entra: { tenant: spec.entra.tenant.toLowerCase(), id: spec.entra.objectId.toLowerCase() },
    allowSeveral: spec.allowSeveral ?? false,
    suspend: spec.suspend ?? false,
    by: 'operator',
    at: nowMs,
  };
  const changes = describeChanges(before && presentIdentity(before).spec, presentIdentity(document).spec);
  if (before && changes.length === 0) return { action: 'unchanged', changes, document: before };
  if (!dryRun) await writeIdentity(store, name, nowMs, () => document);
  return { action: before ? 'updated' : 'created', changes, document };
}

/** Names change hands, so an account is kept by its id. */
async function resolveAccount(
  context: PutContext,
  name: string,
  { github: { id, login }, repository }: IdentityResource['spec'],
): Promise<IdentityDocument['github']> {
  if (id !== undefined) return { id: String(id), login: login ?? null };
  if (repository === undefined)
    throw new ZektError(
      'invalid_resource',
      `Identity ${name}: give 'spec.github.id' (GET https://api.github.com/users/${login ?? ''} tells it), or name a 'spec.repository' with the Zekt App, so that GitHub can be asked who '${login ?? ''}' is.`,
    );
  const { installationId } = await resolveRepository(context, repository);
  const user = await context.github.findUser(login ?? '', installationId);
  if (!user) throw new ZektError('invalid_resource', `Identity ${name}: there is no GitHub account '${login ?? ''}'.`);
  return user;
}
