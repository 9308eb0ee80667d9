import type { ApprovalPolicy } from '@zekt/contracts';
import {
  allServices,
  pointerId,
  repositoryPartition,
  serviceDocumentId,
  serviceLabelPartition,
  servicePrefix,
  type RepositoryRef,
} from '../identity/keys.ts';
import type { DocumentStore, Page, Stored } from '../ports/document-store.ts';

/** One allow-listed workflow of a provider, offered under owner and slug. Lives in its provider's partition. */
export interface ServiceDocument {
  /** `svc-…`: made when it is first offered; never another service's, whatever its label. */
  readonly id: string;
  readonly owner: string;
  readonly name: string;
  /** The provider. */
  readonly provider: RepositoryRef;
  /** The provider's name when it was last seen. */
  readonly repository: string;
  /** The account that was the owner when it was last confirmed. Every use of the service compares it. */
  readonly ownerId: string;
  readonly workflow: string;
  /** Of runs that carry no message. */
  readonly eventType: string;
  /** What its messages may be, beside that; for those who subscribe. */
  readonly eventTypes: readonly string[];
  readonly issuer: string;
  readonly allowPullRequests: boolean;
  readonly description: string;
  readonly tags: readonly string[];
  readonly visibility: 'public' | 'organisation' | 'unlisted';
  /** Shown to consumers instead of the owner; then where a run was is hidden from them, too. */
  readonly alias: string | null;
  /** Repositories whose requests are approved by policy. `ref` null: none that the App could see, so it approves nobody. */
  readonly approves: readonly { readonly ref: RepositoryRef | null; readonly fullName: string }[];
  /** How people are asked about requests; null: they are not. */
  readonly approval: {
    readonly policy: ApprovalPolicy;
    readonly channel?: string;
    readonly expiresInSeconds?: number;
  } | null;
  /** Why nothing is delivered, or null. */
  readonly suspended: string | null;
  readonly updatedAt: number;
}

/** Where a service lies. Whoever follows it checks the service itself, so a stale pointer does no harm. */
export interface ServicePointer {
  readonly provider: RepositoryRef;
  readonly id: string;
}

/** `owner/name`, in lower case: GitHub's logins ignore case. */
export const labelOf = ({ owner, name }: { readonly owner: string; readonly name: string }): string =>
  `${owner}/${name}`.toLowerCase();

/** What a service sends as far as its provider says: what who asks for no event types in particular gets. */
export const declaredEventTypes = ({
  eventType,
  eventTypes,
}: Pick<ServiceDocument, 'eventType' | 'eventTypes'>): readonly string[] => [...new Set([eventType, ...eventTypes])];

export async function getService(
  store: Pick<DocumentStore, 'get'>,
  { provider, id }: ServicePointer,
): Promise<Stored<ServiceDocument> | null> {
  return store.get<ServiceDocument>(repositoryPartition(provider), serviceDocumentId(id));
}

/** The service that has this label now. */
export async function findService(
  store: Pick<DocumentStore, 'get'>,
  label: string,
): Promise<Stored<ServiceDocument> | null> {
  const pointer = await store.get<ServicePointer>(serviceLabelPartition(label), pointerId);
  const found = pointer && (await getService(store, pointer.body));
  return found && labelOf(found.body) === label.toLowerCase() ? found : null;
}

/** Everything that a repository offers. */
export async function servicesOf(
  store: Pick<DocumentStore, 'list'>,
  provider: RepositoryRef,
): Promise<ServiceDocument[]> {
  const found: ServiceDocument[] = [];
  let after: string | undefined;
  do {
    const page: Page<Stored<ServiceDocument>> = await store.list<ServiceDocument>(repositoryPartition(provider), {
      prefix: servicePrefix,
      limit: 500,
      ...(after !== undefined && { after }),
    });
    found.push(...page.items.map(({ body }) => body));
    after = page.next ?? undefined;
  } while (after !== undefined);
  return found;
}

/** By label, in its order. */
export async function listServices(
  store: DocumentStore,
  after: string | undefined,
  limit: number,
): Promise<Page<ServiceDocument>> {
  const page = await store.list<ServicePointer>(allServices, { limit, ...(after !== undefined && { after }) });
  const found = await Promise.all(page.items.map(({ body }) => getService(store, body)));
  return { items: found.filter((service) => service !== null).map(({ body }) => body), next: page.next };
}
