import type { ServiceOffer } from '@zekt/contracts';
import type { DocumentStore } from '../ports/document-store.ts';
import { getService, serviceId, type ServiceDocument, type ServicePointer } from './service.ts';

/** Who looks at the directory, by ids. */
export interface Viewer {
  readonly repositoryId: string;
  readonly ownerId: string;
}

export const aliasPartition = (publicName: string): string => `alias:${publicName.toLowerCase()}`;

/** What consumers call a service: behind an alias, its owner's name is not told. */
export const publicNameOf = ({ owner, name, alias }: ServiceDocument): string => serviceId(alias ?? owner, name);

const isOwn = (service: ServiceDocument, viewer: Viewer): boolean => service.ownerId === viewer.ownerId;

/** Whether a service is in the directory that this repository sees. An invitation shows what is not. */
export function isListedFor(service: ServiceDocument, viewer: Viewer): boolean {
  if (service.suspended !== null) return false;
  return (
    service.visibility === 'public' ||
    (isOwn(service, viewer) && service.visibility === 'organisation') ||
    service.repositoryId === viewer.repositoryId
  );
}

/**
 * The service that a repository means by a name. Behind an alias, the real name is only for those of the same owner; to others it is as
 * if there were none.
 */
export async function findServiceFor(
  store: DocumentStore,
  name: string,
  viewer: Viewer | null,
): Promise<ServiceDocument | null> {
  const named = (await getService(store, name))?.body ?? null;
  if (named && (named.alias === null || viewer === null || isOwn(named, viewer))) return named;
  const pointer = await store.get<ServicePointer>(aliasPartition(name), 'service');
  const aliased = pointer && (await getService(store, pointer.body.service))?.body;
  return aliased && publicNameOf(aliased) === name.toLowerCase() ? aliased : null;
}

/** A service as its consumers see it: nothing of repository or workflow. */
export const offerOf = (service: ServiceDocument): ServiceOffer => ({
  service: publicNameOf(service),
  provider: service.alias ?? service.owner,
  description: service.description,
  tags: [...service.tags],
  visibility: service.visibility,
  eventType: service.eventType,
});
