import type { ServiceSpec } from '@zekt/contracts';
import { ZektError } from '../errors.ts';
import type { DocumentStore } from '../ports/document-store.ts';
import type { GitHubGateway, KnownRepository } from '../ports/github.ts';
import { updateDocument } from '../ports/update-document.ts';
import { describeChanges } from './changes.ts';
import { rememberRepository } from './repository.ts';
import {
  allServices,
  findServiceOfWorkflow,
  getService,
  providerPartition,
  serviceId,
  servicePartition,
  workflowPointerId,
  type ServiceDocument,
} from './service.ts';

export interface Applied<T> {
  readonly action: 'created' | 'updated' | 'unchanged';
  readonly changes: readonly string[];
  readonly document: T;
}

export interface PutContext {
  readonly store: DocumentStore;
  readonly github: Pick<GitHubGateway, 'findRepository'>;
  readonly nowMs: number;
  readonly dryRun: boolean;
}

/**
 * Finds a repository through the App, so that everything after is bound to its id.
 *
 * @throws ZektError `repository_not_found`
 */
export async function resolveRepository(context: PutContext, fullName: string): Promise<KnownRepository> {
  const known = await context.github.findRepository(fullName);
  if (!known) {
    throw new ZektError(
      'repository_not_found',
      `The Zekt GitHub App cannot see the repository '${fullName}'. Check the spelling, and that the App is installed on it.`,
    );
  }
  if (!context.dryRun) await rememberRepository(context.store, known, context.nowMs);
  return known;
}

/**
 * Creates or changes a service. Putting it again after a transfer confirms the new owner.
 *
 * Pointers are written before the service itself: a crash in between leaves a pointer that leads nowhere, which readers skip.
 *
 * @throws ZektError `repository_not_found`, or `conflict` when another service offers the workflow already
 */
export async function putService(
  context: PutContext,
  owner: string,
  name: string,
  spec: ServiceSpec,
  defaultIssuer: string,
): Promise<Applied<ServiceDocument>> {
  const { store } = context;
  const id = serviceId(owner, name);
  const repository = await resolveRepository(context, spec.repository);
  const other = await findServiceOfWorkflow(store, repository.id, spec.workflow);
  if (other && serviceId(other.owner, other.name) !== id) {
    throw new ZektError(
      'conflict',
      `The workflow '${spec.workflow}' of '${repository.fullName}' is offered as '${other.owner}/${other.name}' already.`,
    );
  }
  const wanted: Omit<ServiceDocument, 'updatedAt'> = {
    owner,
    name,
    repositoryId: repository.id,
    repository: repository.fullName,
    ownerId: repository.ownerId,
    workflow: spec.workflow,
    eventType: spec.eventType ?? name,
    issuer: spec.issuer ?? defaultIssuer,
    allowPullRequests: spec.allowPullRequests ?? false,
    description: spec.description ?? '',
    tags: spec.tags ?? [],
    listed: spec.listed ?? false,
    suspended: null,
  };
  const before = (await getService(store, id))?.body ?? null;
  const changes = describeChanges(before, wanted);
  const document: ServiceDocument = { ...wanted, updatedAt: context.nowMs };
  if (before && changes.length === 0) return { action: 'unchanged', changes, document: before };
  if (!context.dryRun) {
    await store.commit({
      partition: providerPartition(repository.id),
      writes: [{ kind: 'put', id: workflowPointerId(spec.workflow), body: { service: id } }],
    });
    await store.commit({ partition: allServices, writes: [{ kind: 'put', id, body: { service: id } }] });
    await updateDocument<ServiceDocument>(store, servicePartition(id), 'service', () => ({ body: document }));
  }
  return { action: before ? 'updated' : 'created', changes, document };
}
