import { validate, type AppliedResource } from '@zekt/contracts';
import { ZektError } from '../errors.ts';
import { putService, type PutContext } from './put-service.ts';
import { putSubscription } from './put-subscription.ts';
import { serviceId } from './service.ts';

const contractOfKind = { Service: 'ServiceResource', Subscription: 'SubscriptionResource' } as const;

/** The resource's own name for messages: enough to find it in a file of many. */
function nameOf(resource: object): string {
  const { kind, metadata } = resource as { kind?: unknown; metadata?: { owner?: unknown; name?: unknown } };
  const parts = [metadata?.owner, metadata?.name].filter((part) => typeof part === 'string');
  return `${typeof kind === 'string' ? kind : 'resource'} ${parts.length > 0 ? parts.join('/') : '(no name)'}`;
}

/** @throws ZektError `invalid_resource` with the resource, the field, what it got and what it wants */
function validated(resource: object) {
  const { kind } = resource as { kind?: unknown };
  if (kind !== 'Service' && kind !== 'Subscription') {
    throw new ZektError(
      'invalid_resource',
      `${nameOf(resource)}: 'kind' must be Service or Subscription; got ${kind === undefined ? 'nothing' : JSON.stringify(kind)}.`,
    );
  }
  const result = validate(contractOfKind[kind], resource);
  if (!result.ok) throw new ZektError('invalid_resource', `${nameOf(resource)}: ${result.problem}`);
  return result.value;
}

/**
 * Makes the stored resources equal to the given ones: services first, then subscriptions. All are checked before the first is
 * written; applying the same again changes nothing.
 */
export async function applyResources(
  context: PutContext,
  resources: readonly object[],
  by: string,
  defaultIssuer: string,
): Promise<AppliedResource[]> {
  const all = resources.map(validated);
  const results: AppliedResource[] = [];
  for (const resource of all) {
    if (resource.kind !== 'Service') continue;
    const { owner, name } = resource.metadata;
    const { action, changes } = await putService(context, owner, name, resource.spec, defaultIssuer);
    results.push({ kind: 'Service', name: `${owner}/${name}`, action, changes: [...changes] });
  }
  const announced = new Set(
    all.flatMap((it) => (it.kind === 'Service' ? [serviceId(it.metadata.owner, it.metadata.name)] : [])),
  );
  for (const resource of all) {
    if (resource.kind !== 'Subscription') continue;
    const { name } = resource.metadata;
    const { action, changes } = await putSubscription({ ...context, announced }, name, resource.spec, by);
    results.push({ kind: 'Subscription', name, action, changes: [...changes] });
  }
  return results;
}
