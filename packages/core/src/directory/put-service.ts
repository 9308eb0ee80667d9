import type { ServiceResource } from '@zekt/contracts';
import { randomUUID } from 'node:crypto';
import { ZektError } from '../errors.ts';
import { allServices, serviceLabelPartition } from '../identity/keys.ts';
import { refuseReserved } from '../identity/reserved-event-type.ts';
import type { DocumentStore } from '../ports/document-store.ts';
import { describeChanges } from './changes.ts';
import { approvedRepositories, isBoundAnew } from './approved-repositories.ts';
import { checkAlias, claimAlias, pointAlias, unpointAlias } from './claim-alias.ts';
import { claimName, endUnborn } from './claim-name.ts';
import { decideSubscription } from './decide-subscription.ts';
import type { Party } from './party.ts';
import { resolveRepository, type Applied, type PutContext, type ResolvedRepository } from './resolve-repository.ts';
import { findService, labelOf, servicesOf, type ServiceDocument, type ServicePointer } from './service.ts';
import { subscriptionsOf } from './subscription.ts';
import { publicNameOf } from './visibility.ts';
import { writeService } from './write-service.ts';

type Declared = Pick<ServiceResource, 'metadata' | 'spec'>;

export interface ServiceContext extends PutContext {
  /** Services that the same dry run would make, by label. */
  readonly announced?: ReadonlyMap<string, ServiceDocument>;
}

/**
 * Creates or changes a service. Putting it again after a transfer confirms the new owner.
 *
 * The ways to it are written before the service itself: after a crash in between they lead nowhere, and putting it again finds them.
 *
 * @throws ZektError `invalid_resource`, `reserved_event_type`, `repository_not_found`, or `conflict` when another repository has the label, another service
 * offers the workflow already, or the alias is another's
 */
export async function putService(
  context: ServiceContext,
  declared: Declared,
  party: Party,
): Promise<Applied<ServiceDocument>> {
  const { store, dryRun, announced } = context;
  const label = labelOf(declared.metadata);
  checkIssuer(context, declared, label);
  refuseReserved(`Service ${label}`, [declared.spec.eventType ?? '', ...(declared.spec.eventTypes ?? [])]);
  const repository = await resolveRepository(context, declared.spec.repository);
  const before = (await findService(store, label))?.body ?? null;
  if (before && before.provider !== repository.ref)
    throw new ZektError(
      'conflict',
      `'${label}' is a service of '${before.repository}', so it can't become one of '${repository.fullName}'. Delete it first: zekt delete service ${label}`,
    );
  const id = before?.id ?? `svc-${randomUUID()}`;
  const approves = await approvedRepositories(context, declared.spec.approves ?? [], party);
  const document = documentOf(context, declared, repository, { id, approves });
  await checkWorkflow(store, document, announced);
  await claimAlias(context, document, repository.installationId);
  await checkAlias(store, document);
  const changes = describeChanges(before && shown(before), shown(document));
  const action = !before ? 'created' : changes.length === 0 ? 'unchanged' : 'updated';
  if (dryRun) return { action, changes, document };
  const isAsItWas = action === 'unchanged' && !isBoundAnew(before, document);
  const written = isAsItWas ? document : await write(context, label, before, document);
  await approveByPolicy(context, written);
  return { action, changes, document: written };
}

/** @throws ZektError `invalid_resource` */
function checkIssuer({ issuer }: PutContext, { spec }: Declared, label: string): void {
  if (spec.issuer !== undefined && spec.issuer !== issuer)
    throw new ZektError(
      'invalid_resource',
      `Service ${label}: 'issuer' must be '${issuer}', the issuer of the GitHub that this server's App is on; got '${spec.issuer}'.`,
    );
}

function documentOf(
  context: PutContext,
  { metadata: { owner, name }, spec }: Declared,
  repository: ResolvedRepository,
  { id, approves }: Pick<ServiceDocument, 'id' | 'approves'>,
): ServiceDocument {
  return {
    id,
    owner,
    name,
    provider: repository.ref,
    repository: repository.fullName,
    ownerId: repository.ownerId,
    workflow: spec.workflow,
    eventType: spec.eventType ?? name,
    eventTypes: spec.eventTypes ?? [],
    issuer: context.issuer,
    allowPullRequests: spec.allowPullRequests ?? false,
    description: spec.description ?? '',
    tags: spec.tags ?? [],
    visibility: spec.visibility ?? (spec.listed ? 'public' : 'unlisted'),
    alias: spec.alias ?? null,
    approves,
    approval: spec.approval ?? null,
    suspended: null,
    updatedAt: context.nowMs,
  };
}

/** @throws ZektError `conflict` */
async function checkWorkflow(
  store: DocumentStore,
  { id, provider, workflow }: ServiceDocument,
  announced: ReadonlyMap<string, ServiceDocument> = new Map(),
): Promise<void> {
  const stored = (await servicesOf(store, provider)).filter((it) => !announced.has(labelOf(it)));
  const other = [...stored, ...announced.values()].find(
    (it) => it.provider === provider && it.workflow === workflow && it.id !== id,
  );
  if (other) throw offeredAlready(other);
}

const offeredAlready = ({ workflow, repository, owner, name }: ServiceDocument): ZektError =>
  new ZektError('conflict', `The workflow '${workflow}' of '${repository}' is offered as '${owner}/${name}' already.`);

async function write(
  { store, nowMs }: PutContext,
  label: string,
  before: ServiceDocument | null,
  document: ServiceDocument,
): Promise<ServiceDocument> {
  const { provider, id } = document;
  const claimed = before
    ? { provider, id }
    : await claimName<ServicePointer>(
        store,
        serviceLabelPartition(label),
        { provider, id },
        {
          isOurs: (claim) => claim.provider === provider,
          isAbandoned: (claim) => endUnborn(store, claim, nowMs),
        },
        nowMs,
      );
  if (!claimed) throw new ZektError('conflict', `'${label}' is the name of another repository's service.`);
  const named: ServiceDocument = { ...document, id: claimed.id };
  const pointer: ServicePointer = { provider, id: claimed.id };
  await store.commit({ partition: allServices, writes: [{ kind: 'put', id: label, body: pointer }] });
  await pointAlias(store, named, nowMs);
  if ((await writeService(store, named)) === 'workflow-taken') {
    await checkWorkflow(store, named);
    throw new ZektError('conflict', `The workflow '${named.workflow}' is being offered under another name.`);
  }
  if (before && publicNameOf(before) !== publicNameOf(named)) await unpointAlias(store, before);
  return named;
}

/** Requests that wait and that the policy now approves. */
async function approveByPolicy({ store, nowMs }: PutContext, service: ServiceDocument): Promise<void> {
  const approved = new Set(service.approves.map(({ ref }) => ref).filter((ref) => ref !== null));
  if (approved.size === 0) return;
  for await (const page of subscriptionsOf(store, service.provider, service.id)) {
    for (const { id, state, consumer } of page) {
      if (state === 'pending' && approved.has(consumer))
        await decideSubscription(store, id, { state: 'approved', by: 'policy', side: 'policy' }, nowMs);
    }
  }
}

/** What people are told of: what is in a file, and the owner whom putting it confirms. */
const shown = ({
  id: _id,
  provider: _provider,
  updatedAt: _updatedAt,
  approves,
  ...service
}: ServiceDocument): object => ({
  ...service,
  approves: approves.map(({ fullName }) => fullName),
});
