import type { ApprovalPolicy } from '@zekt/contracts';
import type { DocumentStore, Page, Stored } from '../ports/document-store.ts';

/** One allow-listed workflow of a provider, offered under owner and slug. */
export interface ServiceDocument {
  readonly owner: string;
  readonly name: string;
  readonly repositoryId: string;
  readonly repository: string;
  /** The account that was the owner when an operator last confirmed it. */
  readonly ownerId: string;
  readonly workflow: string;
  readonly eventType: string;
  readonly issuer: string;
  readonly allowPullRequests: boolean;
  readonly description: string;
  readonly tags: readonly string[];
  readonly visibility: 'public' | 'organisation' | 'unlisted';
  /** Shown to consumers instead of the owner; then where a run was is hidden from them, too. */
  readonly alias: string | null;
  /** Repositories whose requests are approved by policy. */
  readonly approves: readonly { readonly id: string; readonly fullName: string }[];
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

/** Points to a service; whoever follows it checks the service itself, so a stale pointer does no harm. */
export interface ServicePointer {
  readonly service: string;
}

/** `owner/name`, in lower case: GitHub's logins ignore case. */
export const serviceId = (owner: string, name: string): string => `${owner}/${name}`.toLowerCase();
export const servicePartition = (service: string): string => `service:${service.toLowerCase()}`;
export const providerPartition = (repositoryId: string): string => `provider:${repositoryId}`;
export const workflowPointerId = (workflow: string): string => `workflow:${workflow}`;
export const allServices = 'services';

/** What a service that was stored before these fields were has for them. */
const additions = { visibility: 'unlisted', alias: null, approves: [], approval: null } as const;

export async function getService(store: DocumentStore, service: string): Promise<Stored<ServiceDocument> | null> {
  const found = await store.get<ServiceDocument>(servicePartition(service), 'service');
  return found && { ...found, body: { ...additions, ...found.body } };
}

/** The service that offers this workflow of this repository, if one does. */
export async function findServiceOfWorkflow(
  store: DocumentStore,
  repositoryId: string,
  workflow: string,
): Promise<ServiceDocument | null> {
  const pointer = await store.get<ServicePointer>(providerPartition(repositoryId), workflowPointerId(workflow));
  if (!pointer) return null;
  const service = await getService(store, pointer.body.service);
  return service?.body.repositoryId === repositoryId && service.body.workflow === workflow ? service.body : null;
}

/** The services of one provider repository, 100 at most. */
export async function servicesOfRepository(store: DocumentStore, repositoryId: string): Promise<ServiceDocument[]> {
  const pointers = await store.list<ServicePointer>(providerPartition(repositoryId), {
    prefix: 'workflow:',
    limit: 100,
  });
  const services = await Promise.all(
    pointers.items.map(({ id }) => findServiceOfWorkflow(store, repositoryId, id.slice('workflow:'.length))),
  );
  return services.filter((service) => service !== null);
}

export async function listServices(
  store: DocumentStore,
  after: string | undefined,
  limit: number,
): Promise<Page<ServiceDocument>> {
  const page = await store.list<ServicePointer>(allServices, { limit, ...(after !== undefined && { after }) });
  const found = await Promise.all(page.items.map(({ body }) => getService(store, body.service)));
  return { items: found.filter((service) => service !== null).map(({ body }) => body), next: page.next };
}
