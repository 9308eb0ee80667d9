import type { ApplyAnswer, Removed, Service, ServicePage } from '@zekt/contracts';
import {
  applyResources,
  getService,
  listServices,
  removeService,
  serviceId,
  subscriptionsOf,
  ZektError,
  type PutContext,
  type ServiceDocument,
} from '@zekt/core';
import { manager, param, readPaging, type Call } from './call.ts';
import { presentService } from './present.ts';
import { readContract } from './read-body.ts';

export const putContext = ({ zekt }: Call, dryRun = false): PutContext => ({
  store: zekt.store,
  github: zekt.github,
  nowMs: zekt.clock.now(),
  dryRun,
});

async function present({ zekt }: Call, service: ServiceDocument): Promise<Service> {
  let approved = 0;
  for await (const page of subscriptionsOf(zekt.store, serviceId(service.owner, service.name))) {
    approved += page.filter(({ state }) => state === 'approved').length;
  }
  return presentService(service, approved);
}

const idOf = (call: Call): string => serviceId(param(call, 'owner'), param(call, 'name'));

export async function put(call: Call): Promise<Service> {
  const spec = await readContract(call.request, 'ServiceSpec');
  const metadata = { owner: param(call, 'owner'), name: param(call, 'name') };
  const resource = { apiVersion: 'zekt.dev/v1', kind: 'Service', metadata, spec };
  await applyResources(putContext(call), [resource], manager, call.zekt.defaultIssuer);
  return get(call);
}

export async function get(call: Call): Promise<Service> {
  const found = await getService(call.zekt.store, idOf(call));
  if (!found)
    throw new ZektError('not_found', `There is no service '${idOf(call)}'. \`zekt services\` lists what there is.`);
  return present(call, found.body);
}

export async function remove(call: Call): Promise<Removed> {
  await removeService(call.zekt.store, idOf(call), manager, call.zekt.clock.now());
  return { removed: idOf(call) };
}

export async function list(call: Call): Promise<ServicePage> {
  const { after, limit } = readPaging(call);
  const page = await listServices(call.zekt.store, after, limit);
  return { items: await Promise.all(page.items.map((service) => present(call, service))), next: page.next };
}

export async function apply(call: Call): Promise<ApplyAnswer> {
  const { resources, dryRun = false } = await readContract(call.request, 'ApplyRequest', 4 * 1_048_576);
  const results = await applyResources(putContext(call, dryRun), resources, manager, call.zekt.defaultIssuer);
  return { dryRun, results };
}
