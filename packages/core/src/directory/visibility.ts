import type { ServiceOffer } from '@zekt/contracts';
import { aliasPartition, issuerTagOf, pointerId, type RepositoryRef } from '../identity/keys.ts';
import type { DocumentStore } from '../ports/document-store.ts';
import {
  declaredEventTypes,
  findService,
  getService,
  labelOf,
  type ServiceDocument,
  type ServicePointer,
} from './service.ts';

/** Who looks at the directory, by ids. */
export interface Viewer {
  readonly repository: RepositoryRef;
  readonly ownerId: string;
}

/** What consumers call a service: behind an alias, its owner's name is not told. */
export const publicNameOf = ({ owner, name, alias }: Pick<ServiceDocument, 'owner' | 'name' | 'alias'>): string =>
  labelOf({ owner: alias ?? owner, name });

const isOfSameGitHub = (service: ServiceDocument, viewer: Viewer): boolean =>
  issuerTagOf(service.provider) === issuerTagOf(viewer.repository);

const isOwn = (service: ServiceDocument, viewer: Viewer): boolean =>
  isOfSameGitHub(service, viewer) && service.ownerId === viewer.ownerId;

/** Whether a service is in the directory that this repository sees. An invitation shows what is not. */
export function isListedFor(service: ServiceDocument, viewer: Viewer): boolean {
  if (service.suspended !== null || !isOfSameGitHub(service, viewer)) return false;
  return (
    service.visibility === 'public' ||
    (isOwn(service, viewer) && (service.visibility === 'organisation' || service.provider === viewer.repository))
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
  const named = (await findService(store, name))?.body ?? null;
  if (named && (viewer === null || (isOfSameGitHub(named, viewer) && (named.alias === null || isOwn(named, viewer)))))
    return named;
  const pointer = await store.get<ServicePointer>(aliasPartition(name), pointerId);
  const aliased = pointer && (await getService(store, pointer.body))?.body;
  return aliased && publicNameOf(aliased) === name.toLowerCase() && (!viewer || isOfSameGitHub(aliased, viewer))
    ? aliased
    : null;
}

/** A service as its consumers see it: nothing of repository or workflow. */
export const offerOf = (service: ServiceDocument): ServiceOffer => ({
  service: publicNameOf(service),
  provider: service.alias ?? service.owner,
  description: service.description,
  tags: [...service.tags],
  visibility: service.visibility,
  eventType: service.eventType,
  eventTypes: [...declaredEventTypes(service)],
});
