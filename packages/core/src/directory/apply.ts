import {
  validate,
  type AlertResource,
  type AppliedResource,
  type ChannelResource,
  type ProviderResource,
  type SecretResource,
  type ServiceResource,
  type SubscriptionResource,
} from '@zekt/contracts';
import { ZektError } from '../errors.ts';
import type { KnownRepository } from '../ports/github.ts';
import type { Party } from './party.ts';
import { putService } from './put-service.ts';
import type { Applied, PutContext } from './resolve-repository.ts';
import { putSubscription } from './put-subscription.ts';
import { requireDefaultBranch } from './require-default-branch.ts';
import { getService, serviceId } from './service.ts';

type Resource =
  SecretResource | ChannelResource | ProviderResource | AlertResource | ServiceResource | SubscriptionResource;
type Kind = Resource['kind'];

/** In the order they are written: nothing before what it refers to. */
const contractOfKind = {
  Secret: 'SecretResource',
  Channel: 'ChannelResource',
  Provider: 'ProviderResource',
  Alert: 'AlertResource',
  Service: 'ServiceResource',
  Subscription: 'SubscriptionResource',
} as const satisfies Record<Kind, string>;
const kinds = Object.keys(contractOfKind) as Kind[];

/** Part of Flux's notifications, and nothing of Zekt's: webhooks into a cluster. */
const isReceiver = ({ kind, apiVersion }: { kind?: unknown; apiVersion?: unknown }): boolean =>
  kind === 'Receiver' && String(apiVersion).startsWith('notification.toolkit.fluxcd.io/');

/** The resource's own name for messages: enough to find it in a file of many. */
function nameOf(resource: object): string {
  const { kind, metadata } = resource as { kind?: unknown; metadata?: Record<string, unknown> };
  const parts = [metadata?.owner, metadata?.namespace, metadata?.name].filter((part) => typeof part === 'string');
  return `${typeof kind === 'string' ? kind : 'resource'} ${parts.length > 0 ? parts.join('/') : '(no name)'}`;
}

/** @throws ZektError `invalid_resource` with the resource, the field, what it got and what it wants */
function validated(resource: object): Resource {
  const { kind } = resource as { kind?: unknown };
  const known = kinds.find((it) => it === kind);
  if (!known) {
    throw new ZektError(
      'invalid_resource',
      `${nameOf(resource)}: 'kind' must be ${kinds.slice(0, -1).join(', ')} or ${kinds.at(-1) ?? ''}; got ${kind === undefined ? 'nothing' : JSON.stringify(kind)}.`,
    );
  }
  const result = validate(contractOfKind[known], resource);
  if (!result.ok) throw new ZektError('invalid_resource', `${nameOf(resource)}: ${result.problem}`);
  return result.value;
}

/** What `kubectl get -o yaml` makes of several resources. */
const flattened = (resource: object): object[] => {
  const { kind, apiVersion, items } = resource as { kind?: unknown; apiVersion?: unknown; items?: unknown };
  return kind === 'List' && apiVersion === 'v1' && Array.isArray(items) ? (items as object[]) : [resource];
};

type Put<R> = (context: PutContext, resource: R) => Promise<Applied<unknown>>;

/** Kinds that belong to the neighbours of the loop; without a neighbour there are none of its kind. */
export interface NeighbourKinds {
  readonly Secret: Put<SecretResource>;
  readonly Channel: Put<ChannelResource>;
  readonly Provider: Put<ProviderResource>;
  readonly Alert: Put<AlertResource>;
  /** `namespace/name` of the secrets that these providers, or those that are stored, refer to: others are left alone. */
  readonly wantedSecrets: (providers: readonly ProviderResource[]) => Promise<ReadonlySet<string>>;
}

export interface ApplyContext extends PutContext {
  readonly neighbours?: NeighbourKinds;
}

/**
 * Makes the stored resources equal to the given ones, each after what it may refer to. All are checked before the first is written;
 * applying the same again changes nothing. A workflow may apply what is its own, from its default branch.
 *
 * @throws ZektError `invalid_resource`, `not_default_branch`, `forbidden` for what is another's, and what each kind throws
 */
export async function applyResources(
  context: ApplyContext,
  resources: readonly object[],
  party: Party,
  defaultIssuer: string,
): Promise<AppliedResource[]> {
  const given = resources.flatMap(flattened);
  const all = given.filter((resource) => !isReceiver(resource)).map(validated);
  if (party.kind === 'workflow') {
    const own = await requireDefaultBranch(context.github, party.identity);
    for (const resource of all) await requireOwn(context, resource, own, party.identity.issuer);
  }
  const results: AppliedResource[] = given
    .filter(isReceiver)
    .map((resource) => ignored('Receiver', nameOf(resource).replace('Receiver ', ''), 'Zekt has no receivers'));
  const announced = new Set(
    all.flatMap((it) => (it.kind === 'Service' ? [serviceId(it.metadata.owner, it.metadata.name)] : [])),
  );
  const issuer = party.kind === 'workflow' ? party.identity.issuer : defaultIssuer;
  const hasSecrets = all.some(({ kind }) => kind === 'Secret');
  const providers = all.filter((it) => it.kind === 'Provider');
  const wanted = hasSecrets ? await context.neighbours?.wantedSecrets(providers) : undefined;
  // What only a neighbour can find wrong is found before anything is written, too.
  for (const resource of all)
    if (resource.kind === 'Secret' || resource.kind === 'Provider' || resource.kind === 'Alert')
      await put({ ...context, announced, dryRun: true }, resource, party, issuer);
  for (const kind of kinds)
    for (const resource of all.filter((it) => it.kind === kind)) {
      if (resource.kind === 'Secret' && wanted?.has(objectName(resource)) !== true) {
        results.push(ignored('Secret', objectName(resource), 'no Provider refers to it'));
        continue;
      }
      const { action, changes } = await put({ ...context, announced }, resource, party, issuer);
      results.push({ kind, name: displayName(resource), action, changes: [...changes] });
    }
  return results;
}

const ignored = (kind: AppliedResource['kind'], name: string, why: string): AppliedResource => ({
  kind,
  name,
  action: 'ignored',
  changes: [why],
});

/** Namespaces are those of Kubernetes. */
const objectName = ({ metadata: { namespace = 'default', name } }: SecretResource | ProviderResource | AlertResource) =>
  `${namespace}/${name}`;

function displayName(resource: Resource): string {
  if (resource.kind === 'Service') return `${resource.metadata.owner}/${resource.metadata.name}`;
  if (resource.kind === 'Channel' || resource.kind === 'Subscription') return resource.metadata.name;
  return resource.metadata.namespace === undefined ? resource.metadata.name : objectName(resource);
}

async function put(
  context: ApplyContext & { readonly announced: ReadonlySet<string> },
  resource: Resource,
  party: Party,
  issuer: string,
): Promise<Applied<unknown>> {
  const { neighbours } = context;
  switch (resource.kind) {
    case 'Service':
      return putService(context, resource.metadata.owner, resource.metadata.name, resource.spec, issuer);
    case 'Subscription':
      return putSubscription(context, resource.metadata.name, resource.spec, party);
    default:
      if (!neighbours)
        throw new ZektError('invalid_resource', `${nameOf(resource)}: there are no resources of this kind here.`);
      return (neighbours[resource.kind] as Put<Resource>)(context, resource);
  }
}

/** @throws ZektError `forbidden` for what a repository's own workflow may not declare */
async function requireOwn(
  { store }: ApplyContext,
  resource: Resource,
  own: KnownRepository,
  issuer: string,
): Promise<void> {
  const refuse = (why: string): never => {
    throw new ZektError('forbidden', `${nameOf(resource)}: a workflow may apply what is its own; ${why}.`);
  };
  const isOwn = (repository: string): boolean => repository.toLowerCase() === own.fullName.toLowerCase();
  if (resource.kind !== 'Service' && resource.kind !== 'Subscription')
    refuse(`${resource.kind.toLowerCase()}s are for operators`);
  else if (!isOwn(resource.spec.repository)) refuse(`'${resource.spec.repository}' is not ${own.fullName}`);
  else if (resource.kind === 'Service') {
    const { owner, name } = resource.metadata;
    if (owner.toLowerCase() !== own.owner.toLowerCase()) refuse(`its services are named ${own.owner}/…`);
    if (resource.spec.issuer !== undefined && resource.spec.issuer !== issuer) refuse(`its tokens are of '${issuer}'`);
    const before = await getService(store, serviceId(owner, name));
    if (before && before.body.repositoryId !== own.id) refuse(`another repository offers '${owner}/${name}'`);
  }
}
