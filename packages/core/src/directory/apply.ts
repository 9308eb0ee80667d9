import type {
  AlertResource,
  AppliedResource,
  ChannelResource,
  IdentityResource,
  ProviderResource,
  SecretResource,
} from '@zekt/contracts';
import { ZektError } from '../errors.ts';
import type { Party } from './party.ts';
import { putService } from './put-service.ts';
import { kinds, nameOf, readResources, repositoriesIn, type Resource } from './read-resources.ts';
import { putSubscription } from './request-subscription.ts';
import { requireDefaultBranch } from './require-default-branch.ts';
import { requireOwn } from './require-own.ts';
import { askedOnce } from './asked-once.ts';
import type { Applied, PutContext } from './resolve-repository.ts';
import { labelOf } from './service.ts';

type Put<R> = (context: PutContext, resource: R) => Promise<Applied<unknown>>;

/** Kinds that belong to the neighbours of the loop; without a neighbour there are none of its kind. */
export interface NeighbourKinds {
  readonly Secret: Put<SecretResource>;
  readonly Channel: Put<ChannelResource>;
  readonly Identity: Put<IdentityResource>;
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
  given: ApplyContext,
  resources: readonly object[],
  party: Party,
): Promise<AppliedResource[]> {
  const { resources: all, receivers } = readResources(resources);
  const asked = askedOnce(given.github);
  const context: ApplyContext = {
    ...given,
    github: { findRepository: asked.findRepository, findUser: (...args) => given.github.findUser(...args) },
  };
  if (party.kind === 'workflow') {
    const own = await requireDefaultBranch(context, party.identity);
    for (const resource of all) await requireOwn(context, resource, own);
  }
  const results: AppliedResource[] = receivers.map((name) => ignored('Receiver', name, 'Zekt has no receivers'));
  const announced = new Set(all.flatMap((it) => (it.kind === 'Service' ? [labelOf(it.metadata)] : [])));
  const hasSecrets = all.some(({ kind }) => kind === 'Secret');
  const providers = all.filter((it) => it.kind === 'Provider');
  const wanted = hasSecrets ? await context.neighbours?.wantedSecrets(providers) : undefined;
  // What only a neighbour can find wrong is found before anything is written, too.
  for (const resource of all)
    if (resource.kind === 'Secret' || resource.kind === 'Provider' || resource.kind === 'Alert')
      await put({ ...context, announced, dryRun: true }, resource, party);
  await asked.ahead(repositoriesIn(all));
  for (const kind of kinds)
    for (const resource of all.filter((it) => it.kind === kind)) {
      if (resource.kind === 'Secret' && wanted?.has(objectName(resource)) !== true) {
        results.push(ignored('Secret', objectName(resource), 'no Provider refers to it'));
        continue;
      }
      const { action, changes } = await put({ ...context, announced }, resource, party);
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
  if (resource.kind === 'Channel' || resource.kind === 'Identity' || resource.kind === 'Subscription')
    return resource.metadata.name;
  return resource.metadata.namespace === undefined ? resource.metadata.name : objectName(resource);
}

async function put(
  context: ApplyContext & { readonly announced: ReadonlySet<string> },
  resource: Resource,
  party: Party,
): Promise<Applied<unknown>> {
  const { neighbours } = context;
  switch (resource.kind) {
    case 'Service':
      return putService(context, resource);
    case 'Subscription':
      return putSubscription(context, resource.metadata.name, resource.spec, party);
    default:
      if (!neighbours)
        throw new ZektError('invalid_resource', `${nameOf(resource)}: there are no resources of this kind here.`);
      return (neighbours[resource.kind] as Put<Resource>)(context, resource);
  }
}
