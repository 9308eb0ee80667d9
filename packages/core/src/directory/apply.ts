import { validate, type AppliedResource, type ChannelResource } from '@zekt/contracts';
import { ZektError } from '../errors.ts';
import type { KnownRepository } from '../ports/github.ts';
import type { Party } from './party.ts';
import { putService } from './put-service.ts';
import type { Applied, PutContext } from './resolve-repository.ts';
import { putSubscription } from './put-subscription.ts';
import { requireDefaultBranch } from './require-default-branch.ts';
import { getService, serviceId } from './service.ts';

const contractOfKind = {
  Service: 'ServiceResource',
  Subscription: 'SubscriptionResource',
  Channel: 'ChannelResource',
} as const;

/** The resource's own name for messages: enough to find it in a file of many. */
function nameOf(resource: object): string {
  const { kind, metadata } = resource as { kind?: unknown; metadata?: { owner?: unknown; name?: unknown } };
  const parts = [metadata?.owner, metadata?.name].filter((part) => typeof part === 'string');
  return `${typeof kind === 'string' ? kind : 'resource'} ${parts.length > 0 ? parts.join('/') : '(no name)'}`;
}

/** @throws ZektError `invalid_resource` with the resource, the field, what it got and what it wants */
function validated(resource: object) {
  const { kind } = resource as { kind?: unknown };
  if (kind !== 'Service' && kind !== 'Subscription' && kind !== 'Channel') {
    throw new ZektError(
      'invalid_resource',
      `${nameOf(resource)}: 'kind' must be Service, Subscription or Channel; got ${kind === undefined ? 'nothing' : JSON.stringify(kind)}.`,
    );
  }
  const result = validate(contractOfKind[kind], resource);
  if (!result.ok) throw new ZektError('invalid_resource', `${nameOf(resource)}: ${result.problem}`);
  return result.value;
}

export interface ApplyContext extends PutContext {
  /** Channels belong to whoever asks people; without, there are none. */
  readonly putChannel?: (context: PutContext, resource: ChannelResource) => Promise<Applied<object>>;
}

/**
 * Makes the stored resources equal to the given ones: channels first, then services, then subscriptions. All are checked before the first
 * is written; applying the same again changes nothing. A workflow may apply what is its own, from its default branch.
 *
 * @throws ZektError `invalid_resource`, `not_default_branch`, `forbidden` for what is another's, and what each kind throws
 */
export async function applyResources(
  context: ApplyContext,
  resources: readonly object[],
  party: Party,
  defaultIssuer: string,
): Promise<AppliedResource[]> {
  const all = resources.map(validated);
  if (party.kind === 'workflow') {
    const own = await requireDefaultBranch(context.github, party.identity);
    for (const resource of all) await requireOwn(context, resource, own, party.identity.issuer);
  }
  const results: AppliedResource[] = [];
  const note = (kind: AppliedResource['kind'], name: string, { action, changes }: Applied<unknown>): void => {
    results.push({ kind, name, action, changes: [...changes] });
  };
  for (const resource of all) {
    if (resource.kind !== 'Channel') continue;
    if (!context.putChannel)
      throw new ZektError('invalid_resource', `${nameOf(resource)}: there are no channels here.`);
    note('Channel', resource.metadata.name, await context.putChannel(context, resource));
  }
  const issuer = party.kind === 'workflow' ? party.identity.issuer : defaultIssuer;
  for (const resource of all) {
    if (resource.kind !== 'Service') continue;
    const { owner, name } = resource.metadata;
    note('Service', `${owner}/${name}`, await putService(context, owner, name, resource.spec, issuer));
  }
  const announced = new Set(
    all.flatMap((it) => (it.kind === 'Service' ? [serviceId(it.metadata.owner, it.metadata.name)] : [])),
  );
  for (const resource of all) {
    if (resource.kind !== 'Subscription') continue;
    const { name } = resource.metadata;
    note('Subscription', name, await putSubscription({ ...context, announced }, name, resource.spec, party));
  }
  return results;
}

/** @throws ZektError `forbidden` for what a repository's own workflow may not declare */
async function requireOwn(
  { store }: ApplyContext,
  resource: ReturnType<typeof validated>,
  own: KnownRepository,
  issuer: string,
): Promise<void> {
  const refuse = (why: string): never => {
    throw new ZektError('forbidden', `${nameOf(resource)}: a workflow may apply what is its own; ${why}.`);
  };
  const isOwn = (repository: string): boolean => repository.toLowerCase() === own.fullName.toLowerCase();
  if (resource.kind === 'Channel') refuse('channels are for operators');
  else if (!isOwn(resource.spec.repository)) refuse(`'${resource.spec.repository}' is not ${own.fullName}`);
  else if (resource.kind === 'Service') {
    const { owner, name } = resource.metadata;
    if (owner.toLowerCase() !== own.owner.toLowerCase()) refuse(`its services are named ${own.owner}/…`);
    if (resource.spec.issuer !== undefined && resource.spec.issuer !== issuer) refuse(`its tokens are of '${issuer}'`);
    const before = await getService(store, serviceId(owner, name));
    if (before && before.body.repositoryId !== own.id) refuse(`another repository offers '${owner}/${name}'`);
  }
}
