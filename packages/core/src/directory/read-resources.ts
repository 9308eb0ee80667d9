import {
  limits,
  validate,
  type AlertResource,
  type ChannelResource,
  type HookExecutionResource,
  type HookTargetResource,
  type IdentityResource,
  type ProviderResource,
  type SecretResource,
  type ServiceResource,
  type SubscriptionResource,
} from '@zekt/contracts';
import { ZektError } from '../errors.ts';

export type Resource =
  | SecretResource
  | ChannelResource
  | IdentityResource
  | ProviderResource
  | AlertResource
  | ServiceResource
  | SubscriptionResource
  | HookResource;
export type HookResource = HookTargetResource | HookExecutionResource;
export type Kind = Resource['kind'];

/** In the order they are written: nothing before what it refers to. */
const contractOfKind = {
  Secret: 'SecretResource',
  Channel: 'ChannelResource',
  Identity: 'IdentityResource',
  Provider: 'ProviderResource',
  Alert: 'AlertResource',
  Service: 'ServiceResource',
  Subscription: 'SubscriptionResource',
  Target: 'HookTargetResource',
  Execution: 'HookExecutionResource',
} as const satisfies Record<Kind, string>;
export const kinds = Object.keys(contractOfKind) as Kind[];

/** What one request may apply, however it is wrapped. */
const maxResources = limits.resourcesOfApply.value;
/** Of what somebody wrote, in a message. */
const maxShown = 200;

/** The resource's own name for messages: enough to find it in a file of many. */
export function nameOf(resource: object): string {
  const { kind, metadata } = resource as { kind?: unknown; metadata?: Record<string, unknown> | null };
  const parts = [metadata?.owner, metadata?.namespace, metadata?.name].filter((part) => typeof part === 'string');
  const name = parts.length > 0 ? parts.join('/') : '(no name)';
  return `${typeof kind === 'string' ? kind : 'resource'} ${name}`.slice(0, maxShown);
}

export interface ReadResources {
  readonly resources: readonly Exclude<Resource, HookResource>[];
  /** Targets and executions, which are put together. */
  readonly hooks: readonly HookResource[];
  /** The same, written as maps by name; whoever has hooks reads them. */
  readonly hookMaps: readonly object[];
  /** Names of resources that Zekt has no use for. */
  readonly receivers: readonly string[];
}

/**
 * Takes resources as they were sent: lists unwrapped, each checked against its contract.
 *
 * @throws ZektError `invalid_resource` with the resource, the field, what it got and what it wants
 */
export function readResources(given: readonly object[]): ReadResources {
  const all = given.flatMap(flattened);
  if (all.length > maxResources)
    throw new ZektError(
      'invalid_resource',
      `These are ${all.length} resources; at most ${maxResources} are applied at once, those in lists counted.`,
    );
  const resources = all.filter((resource) => !isReceiver(resource) && !isHookMap(resource)).map(validated);
  return {
    resources: resources.filter((resource) => !isHook(resource)),
    hooks: resources.filter(isHook),
    hookMaps: all.filter(isHookMap),
    receivers: all.filter(isReceiver).map((resource) => nameOf(resource).replace('Receiver ', '')),
  };
}

/** What `kubectl get -o yaml` makes of several resources. */
function flattened(resource: object): object[] {
  const { kind, apiVersion, items } = resource as { kind?: unknown; apiVersion?: unknown; items?: unknown };
  if (kind !== 'List' || apiVersion !== 'v1' || !Array.isArray(items)) return [resource];
  return items.map((item: unknown, index) => {
    if (typeof item === 'object' && item !== null) return item;
    throw new ZektError('invalid_resource', `List: 'items/${index}' must be a resource.`);
  });
}

const isHook = (resource: Resource): resource is HookResource =>
  resource.kind === 'Target' || resource.kind === 'Execution';

const sectionsOfHookMap = ['targets', 'requests', 'responses', 'events', 'function', 'functions'];
/** Targets and executions in the form that ZITADEL's plan for them had. */
const isHookMap = (resource: object): boolean =>
  !('kind' in resource) && sectionsOfHookMap.some((section) => Object.hasOwn(resource, section));

/** Part of Flux's notifications, and nothing of Zekt's: webhooks into a cluster. */
const isReceiver = ({ kind, apiVersion }: { kind?: unknown; apiVersion?: unknown }): boolean =>
  kind === 'Receiver' && typeof apiVersion === 'string' && apiVersion.startsWith('notification.toolkit.fluxcd.io/');

function validated(resource: object): Resource {
  const { kind } = resource as { kind?: unknown };
  const known = kinds.find((it) => it === kind);
  if (!known) {
    const got =
      typeof kind === 'string'
        ? JSON.stringify(kind.slice(0, maxShown))
        : kind === undefined
          ? 'nothing'
          : `a ${typeof kind}`;
    throw new ZektError(
      'invalid_resource',
      `${nameOf(resource)}: 'kind' must be ${kinds.slice(0, -1).join(', ')} or ${kinds.at(-1) ?? ''}; got ${got}.`,
    );
  }
  const result = validate(contractOfKind[known], resource);
  if (!result.ok) throw new ZektError('invalid_resource', `${nameOf(resource)}: ${result.problem}`);
  return result.value;
}

/** The repositories that resources name. */
export const repositoriesIn = (resources: ReadResources['resources']): string[] =>
  resources.flatMap((resource) => {
    if (resource.kind === 'Service') return [resource.spec.repository, ...(resource.spec.approves ?? [])];
    if (resource.kind === 'Subscription') return [resource.spec.repository];
    if (resource.kind === 'Identity') return resource.spec.repository === undefined ? [] : [resource.spec.repository];
    return resource.kind === 'Channel' ? (resource.spec.repositories ?? []) : [];
  });
