import type { ServiceSpec } from '@zekt/contracts';
import { ZektError } from '../errors.ts';
import type { DocumentStore } from '../ports/document-store.ts';
import { updateDocument } from '../ports/update-document.ts';
import { describeChanges } from './changes.ts';
import { decideSubscription } from './put-subscription.ts';
import { resolveRepository, type Applied, type PutContext } from './resolve-repository.ts';
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
import { subscriptionsOf } from './subscription.ts';
import { aliasPartition, publicNameOf } from './visibility.ts';

/**
 * Creates or changes a service. Putting it again after a transfer confirms the new owner.
 *
 * Pointers are written before the service itself: a crash in between leaves a pointer that leads nowhere, which readers skip.
 *
 * @throws ZektError `repository_not_found`, or `conflict` when another service offers the workflow already, or the alias is another's
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
    visibility: spec.visibility ?? (spec.listed ? 'public' : 'unlisted'),
    alias: spec.alias ?? null,
    approves: await Promise.all(
      (spec.approves ?? []).map(async (it) => {
        const { id: consumer, fullName } = await resolveRepository(context, it);
        return { id: consumer, fullName };
      }),
    ),
    approval: spec.approval ?? null,
    suspended: null,
  };
  const before = (await getService(store, id))?.body ?? null;
  const changes = describeChanges(before, wanted);
  const document: ServiceDocument = { ...wanted, updatedAt: context.nowMs };
  await checkAlias(context, document, repository.installationId);
  if (before && changes.length === 0) return { action: 'unchanged', changes, document: before };
  if (!context.dryRun) {
    await store.commit({
      partition: providerPartition(repository.id),
      writes: [{ kind: 'put', id: workflowPointerId(spec.workflow), body: { service: id } }],
    });
    await store.commit({ partition: allServices, writes: [{ kind: 'put', id, body: { service: id } }] });
    await pointAlias(store, before, document);
    await updateDocument<ServiceDocument>(store, servicePartition(id), 'service', () => ({ body: document }));
    await approveByPolicy(context, document);
  }
  return { action: before ? 'updated' : 'created', changes, document };
}

const aliasOwner = (alias: string): string => `alias-owner:${alias.toLowerCase()}`;

/** An alias belongs to the first account that used it: nobody else may speak under it. */
async function checkAlias(
  { store, github, dryRun }: PutContext,
  { alias, ownerId }: ServiceDocument,
  installationId: string,
): Promise<void> {
  if (alias === null) return;
  const namesake = await github.findUser(alias, installationId);
  if (namesake && namesake.id !== ownerId)
    throw new ZektError('conflict', `The alias '${alias}' is the name of another account on GitHub. Choose another.`);
  const partition = aliasOwner(alias);
  if (!dryRun) await store.commit({ partition, writes: [{ kind: 'create', id: 'owner', body: { ownerId } }] });
  const holder = await store.get<{ ownerId: string }>(partition, 'owner');
  if (holder && holder.body.ownerId !== ownerId)
    throw new ZektError('conflict', `The alias '${alias}' is another provider's. Choose another.`);
}

async function pointAlias(store: DocumentStore, before: ServiceDocument | null, after: ServiceDocument): Promise<void> {
  const service = serviceId(after.owner, after.name);
  if (before?.alias && before.alias !== after.alias)
    await store.commit({
      partition: aliasPartition(publicNameOf(before)),
      writes: [{ kind: 'delete', id: 'service' }],
    });
  if (after.alias !== null)
    await store.commit({
      partition: aliasPartition(publicNameOf(after)),
      writes: [{ kind: 'put', id: 'service', body: { service } }],
    });
}

/** Requests that wait and that the policy now approves. */
async function approveByPolicy({ store, nowMs }: PutContext, service: ServiceDocument): Promise<void> {
  const approved = new Set(service.approves.map(({ id }) => id));
  if (approved.size === 0) return;
  for await (const page of subscriptionsOf(store, serviceId(service.owner, service.name))) {
    for (const { name, state, repositoryId } of page) {
      if (state === 'pending' && approved.has(repositoryId))
        await decideSubscription(store, name, { state: 'approved', by: 'policy' }, nowMs);
    }
  }
}
