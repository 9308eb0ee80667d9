import type { IdentityResource } from '@zekt/contracts';
import { ZektError, type DocumentStore, type Page } from '@zekt/core';
import { identitiesPartition, identityId, identityPrefix } from '../keys.ts';
import { getIdentity, presentIdentity, type IdentityDocument } from './identity-document.ts';
import { writeIdentity } from './write-identity.ts';

/** All identities, by name. */
export async function listIdentities(
  store: DocumentStore,
  after: string | undefined,
  limit: number,
): Promise<Page<IdentityResource>> {
  const page = await store.list<IdentityDocument>(identitiesPartition, {
    prefix: identityPrefix,
    limit,
    ...(after !== undefined && { after: identityId(after) }),
  });
  return {
    items: page.items.map(({ body }) => presentIdentity(body)),
    next: page.next === null ? null : page.next.slice(identityPrefix.length),
  };
}

/** @throws ZektError `not_found`, or `unavailable` */
export async function removeIdentity(store: DocumentStore, name: string, nowMs: number): Promise<void> {
  if (!(await getIdentity(store, name))) throw new ZektError('not_found', `There is no identity '${name}'.`);
  await writeIdentity(store, name, nowMs, () => null);
}
