import type {
  AlertResource,
  AppliedResource,
  ChannelResource,
  IdentityResource,
  ProviderResource,
  SecretResource,
} from '@zekt/contracts';
import { ZektError } from '../errors.ts';
import type { KnownRepository } from '../ports/github.ts';
import type { Party } from './party.ts';
import { putService } from './put-service.ts';
import {
  kinds,
  nameOf,
  readResources,
  repositoriesIn,
  type HookResource,
  type ReadResources,
  type Resource,
} from './read-resources.ts';
import { putSubscription } from './request-subscription.ts';
import { requireDefaultBranch } from './require-default-branch.ts';
import { requireOwn, requireOwnHooks } from './require-own.ts';
import { askedOnce } from './asked-once.ts';
import type { Applied, PutContext } from './resolve-repository.ts';
import { labelOf, type ServiceDocument } from './service.ts';

type PlainResource = Exclude<Resource, HookResource>;
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
  /** Targets and executions refer to each other, so they are put together, whatever their order. */
  readonly putHooks?: (context: PutContext, wanted: WantedHookResources) => Promise<readonly AppliedResource[]>;
}

export interface WantedHookResources {
  readonly resources: readonly HookResource[];
  /** Documents that are maps of targets and executions by name. */
  readonly maps: readonly object[];
  /** Whose workflow applies them; null: the operator does. */
  readonly own: KnownRepository | null;
}

export interface ApplyContext extends PutContext {
  readonly neighbours?: NeighbourKinds;
  /** Told what would be done, once all is checked and before the first is written. Whatever it throws refuses the whole. */
  readonly beforeWriting?: (checked: readonly AppliedResource[]) => void;
}

/**
 * Makes the stored resources equal to the given ones, each after what it may refer to. All are resolved and checked before the first is
 * written, so that a mistake in one leaves everything as it was; applying the same again changes nothing. A workflow may apply what is its
 * own, from its default branch.
 *
 * @throws ZektError `invalid_resource`, `not_default_branch`, `forbidden` for what is another's, and what each kind throws
 */
export async function applyResources(
  given: ApplyContext,
  resources: readonly object[],
  party: Party,
): Promise<AppliedResource[]> {
  const { resources: all, hooks, hookMaps, receivers } = readResources(resources);
  const asked = askedOnce(given.github);
  const context: ApplyContext = { ...given, github: asked };
  const own = party.kind === 'workflow' ? await requireDefaultBranch(context, party.identity) : null;
  if (own) {
    for (const resource of all) await requireOwn(context, resource, own);
    for (const hook of hooks) requireOwnHooks(hook, own);
  }
  await asked.ahead(repositoriesIn(all));
  const ordered = kinds.flatMap((kind) => all.filter((it) => it.kind === kind));
  const ignoredNames = await secretsWithoutProvider(context, all);
  const planned = { announced: new Map<string, ServiceDocument>(), opened: new Set<string>() };
  const pass: Pass = { ordered, ignoredNames, party, hooks: { resources: hooks, maps: hookMaps, own } };
  const checked = await putAll({ ...context, dryRun: true }, { ...pass, planned });
  if (!given.dryRun) given.beforeWriting?.(checked);
  const results = given.dryRun ? checked : await putAll(context, pass);
  return [...receivers.map((name) => ignored('Receiver', name, 'Zekt has no receivers')), ...results];
}

/** What a dry run would make: what comes after it is checked as if it were there. */
interface Planned {
  /** Services by label. */
  readonly announced: Map<string, ServiceDocument>;
  /** Requests by the ids of their subscriptions. */
  readonly opened: Set<string>;
}

interface Pass {
  readonly ordered: ReadResources['resources'];
  readonly ignoredNames: ReadonlySet<string>;
  readonly party: Party;
  readonly hooks: WantedHookResources;
  readonly planned?: Planned;
}

async function putAll(
  context: ApplyContext,
  { ordered, ignoredNames, party, hooks, planned }: Pass,
): Promise<AppliedResource[]> {
  const results: AppliedResource[] = [];
  for (const resource of ordered) {
    const name = displayName(resource);
    if (resource.kind === 'Secret' && ignoredNames.has(objectName(resource))) {
      results.push(ignored('Secret', objectName(resource), 'no Provider refers to it'));
      continue;
    }
    const { action, changes } = await put({ ...context, ...planned }, resource, party);
    results.push({ kind: resource.kind, name, action, changes: [...changes] });
  }
  if (hooks.resources.length + hooks.maps.length === 0) return results;
  if (!context.neighbours?.putHooks) throw new ZektError('invalid_resource', 'There are no hooks here.');
  return [...results, ...(await context.neighbours.putHooks(context, hooks))];
}

async function secretsWithoutProvider(
  { neighbours }: ApplyContext,
  all: ReadResources['resources'],
): Promise<ReadonlySet<string>> {
  const names = all.filter((it) => it.kind === 'Secret').map(objectName);
  if (names.length === 0) return new Set();
  const wanted = await neighbours?.wantedSecrets(all.filter((it) => it.kind === 'Provider'));
  return new Set(names.filter((name) => wanted?.has(name) !== true));
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

function displayName(resource: PlainResource): string {
  if (resource.kind === 'Service') return `${resource.metadata.owner}/${resource.metadata.name}`;
  if (resource.kind === 'Channel' || resource.kind === 'Identity' || resource.kind === 'Subscription')
    return resource.metadata.name;
  return resource.metadata.namespace === undefined ? resource.metadata.name : objectName(resource);
}

async function put(
  context: ApplyContext & Partial<Planned>,
  resource: PlainResource,
  party: Party,
): Promise<Applied<unknown>> {
  const { neighbours, announced } = context;
  switch (resource.kind) {
    case 'Service': {
      const applied = await putService(context, resource, party);
      announced?.set(labelOf(applied.document), applied.document);
      return applied;
    }
    case 'Subscription':
      return putSubscription(context, resource.metadata.name, resource.spec, party);
    default:
      if (!neighbours)
        throw new ZektError('invalid_resource', `${nameOf(resource)}: there are no resources of this kind here.`);
      return (neighbours[resource.kind] as Put<PlainResource>)(context, resource);
  }
}
