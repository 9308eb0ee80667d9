import { ZektError } from '../errors.ts';
import { accountRef, aliasOwnerPartition, aliasPartition, pointerId } from '../identity/keys.ts';
import type { DocumentStore } from '../ports/document-store.ts';
import { claimName, endUnborn, releaseName } from './claim-name.ts';
import type { PutContext } from './resolve-repository.ts';
import { getService, type ServiceDocument, type ServicePointer } from './service.ts';
import { publicNameOf } from './visibility.ts';

interface AliasOwner {
  /** The account: issuer's tag and id. */
  readonly owner: string;
}

/**
 * An alias belongs to the first account that used it: nobody else may speak under it.
 *
 * @throws ZektError `conflict`
 */
export async function claimAlias(
  { store, github, dryRun }: PutContext,
  { alias, ownerId, provider }: Pick<ServiceDocument, 'alias' | 'ownerId' | 'provider'>,
  installationId: string,
): Promise<void> {
  if (alias === null) return;
  const namesake = await github.findUser(alias, installationId);
  if (namesake && namesake.id !== ownerId)
    throw new ZektError('conflict', `The alias '${alias}' is the name of another account on GitHub. Choose another.`);
  const partition = aliasOwnerPartition(alias);
  const body: AliasOwner = { owner: accountRef(provider, ownerId) };
  if (!dryRun) {
    const made = await store.commit({ partition, writes: [{ kind: 'create', id: pointerId, body }] });
    if (made.committed) return;
  }
  const holder = await store.get<AliasOwner>(partition, pointerId);
  if (holder && holder.body.owner !== body.owner)
    throw new ZektError('conflict', `The alias '${alias}' is another provider's. Choose another.`);
}

/**
 * Whether a service can be known by its public name.
 *
 * @throws ZektError `conflict` when another service of the account has it
 */
export async function checkAlias(store: DocumentStore, service: ServiceDocument): Promise<void> {
  if (service.alias === null) return;
  const name = publicNameOf(service);
  const pointer = await store.get<ServicePointer>(aliasPartition(name), pointerId);
  const holder = pointer && (await getService(store, pointer.body))?.body;
  if (holder && holder.id !== service.id && publicNameOf(holder) === name) throw aliasTaken(name);
}

const aliasTaken = (name: string): ZektError =>
  new ZektError('conflict', `Another service is known as '${name}' already. Choose another alias or name.`);

/**
 * Makes a service known by its public name, if that is another than its own.
 *
 * @throws ZektError `conflict` when another service of the account has it
 */
export async function pointAlias(store: DocumentStore, service: ServiceDocument, nowMs: number): Promise<void> {
  if (service.alias === null) return;
  const name = publicNameOf(service);
  const claimed = await claimName<ServicePointer>(
    store,
    aliasPartition(name),
    { provider: service.provider, id: service.id },
    {
      isOurs: ({ id }) => id === service.id,
      // It is known by another name since.
      isAbandoned: async (claim) => {
        const holder = (await getService(store, claim))?.body;
        return holder === undefined ? endUnborn(store, claim, nowMs) : publicNameOf(holder) !== name;
      },
    },
    nowMs,
  );
  if (!claimed) throw aliasTaken(name);
}

/** Takes the public name back that a service had. */
export async function unpointAlias(store: DocumentStore, before: ServiceDocument): Promise<void> {
  if (before.alias !== null) await releaseName(store, aliasPartition(publicNameOf(before)), before.id);
}
