import { ZektError } from '../errors.ts';
import { repositoryRef } from '../identity/keys.ts';
import type { KnownRepository } from '../ports/github.ts';
import { nameOf, type HookResource, type Resource } from './read-resources.ts';
import type { PutContext } from './resolve-repository.ts';
import { findService, labelOf } from './service.ts';

/**
 * What a repository's own workflow may declare: its services, under its owner's name, and its requests.
 *
 * @throws ZektError `forbidden`
 */
export async function requireOwn(
  { store, issuer }: PutContext,
  resource: Exclude<Resource, HookResource>,
  own: KnownRepository,
): Promise<void> {
  const refuse = (why: string): never => {
    throw new ZektError('forbidden', `${nameOf(resource)}: a workflow may apply what is its own; ${why}.`);
  };
  if (resource.kind !== 'Service' && resource.kind !== 'Subscription')
    return refuse(
      `${resource.kind === 'Identity' ? 'identities' : `${resource.kind.toLowerCase()}s`} are for operators`,
    );
  if (resource.spec.repository.toLowerCase() !== own.fullName.toLowerCase())
    refuse(`'${resource.spec.repository}' is not ${own.fullName}`);
  if (resource.kind === 'Subscription') return;
  const { owner, name } = resource.metadata;
  if (owner.toLowerCase() !== own.owner.toLowerCase()) refuse(`its services are named ${own.owner}/…`);
  const before = (await findService(store, labelOf({ owner, name })))?.body;
  // A service whose repository changed hands is confirmed by an operator.
  if (before && (before.provider !== repositoryRef(issuer, own.id) || before.ownerId !== own.ownerId))
    refuse(`another repository offers '${owner}/${name}'`);
}

/**
 * Hooks belong to an account: to its own repositories' workflows, and to no other's.
 *
 * @throws ZektError `forbidden`
 */
export function requireOwnHooks(resource: HookResource, own: KnownRepository): void {
  const owner = resource.metadata?.owner;
  if (owner !== undefined && owner.toLowerCase() !== own.owner.toLowerCase())
    throw new ZektError(
      'forbidden',
      `${nameOf(resource)}: a workflow may apply what is its own; its hooks belong to ${own.owner}.`,
    );
}
