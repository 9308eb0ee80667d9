import {
  limits,
  type ApplyAnswer,
  type Invitation,
  type Removed,
  type Service,
  type ServiceOfferPage,
  type ServicePage,
} from '@zekt/contracts';
import { putChannel, putIdentity } from '@zekt/chatops';
import { applyHooks } from '@zekt/hooks';
import {
  applyResources,
  findService,
  grantInForce,
  identityRef,
  invite,
  isListedFor,
  labelOf,
  listServices,
  manager,
  nameOfParty,
  offerOf,
  removeService,
  requireDefaultBranch,
  speaksFor,
  subscriptionsOf,
  ZektError,
  type ApplyContext,
  type ServiceDocument,
  type WorkflowIdentity,
} from '@zekt/core';
import { requireParty } from './authenticate.ts';
import { param, readPaging, type Call } from './call.ts';
import { presentService } from './present.ts';
import { hasBody, readContract } from './read-body.ts';

export const applyContext = ({ zekt }: Call, dryRun = false): ApplyContext => ({
  store: zekt.store,
  github: zekt.github,
  issuer: zekt.issuer,
  nowMs: zekt.clock.now(),
  dryRun,
  neighbours: {
    Channel: putChannel,
    Identity: putIdentity,
    Provider: zekt.notifications.putProvider,
    Alert: zekt.notifications.putAlert,
    Secret: zekt.notifications.putSecret,
    wantedSecrets: zekt.notifications.wantedSecrets,
    putHooks: (context, wanted) => applyHooks(zekt.hooks, context, wanted),
  },
});

async function present({ zekt }: Call, service: ServiceDocument): Promise<Service> {
  let approved = 0;
  for await (const page of subscriptionsOf(zekt.store, service.provider, service.id))
    approved += page.filter((subscription) => grantInForce(subscription) !== null).length;
  return presentService(service, approved);
}

const labelIn = (call: Call): string => labelOf({ owner: param(call, 'owner'), name: param(call, 'name') });
const noSuchService = (label: string): ZektError =>
  new ZektError('not_found', `There is no service '${label}'. \`zekt services\` lists what there is.`);

export async function put(call: Call): Promise<Service> {
  const spec = await readContract(call.request, 'ServiceSpec');
  const metadata = { owner: param(call, 'owner'), name: param(call, 'name') };
  const resource = { apiVersion: 'zekt.dev/v1', kind: 'Service', metadata, spec };
  await applyResources(applyContext(call), [resource], manager);
  return get(call);
}

export async function get(call: Call): Promise<Service> {
  const found = await findService(call.zekt.store, labelIn(call));
  if (!found) throw noSuchService(labelIn(call));
  return present(call, found.body);
}

export async function remove(call: Call): Promise<Removed> {
  await removeService(call.zekt.store, labelIn(call), nameOfParty(manager), call.zekt.clock.now());
  return { removed: labelIn(call) };
}

/** Everything for a manager; for a workflow what its repository may ask for, and nothing of what is behind an alias. */
export async function list(call: Call): Promise<ServicePage | ServiceOfferPage> {
  const party = await requireParty(call.zekt, call.request);
  const { after, limit } = readPaging(call);
  if (party.kind === 'workflow') return listOffers(call, party.identity, after, limit);
  const page = await listServices(call.zekt.store, after, limit);
  return { items: await Promise.all(page.items.map((service) => present(call, service))), next: page.next };
}

/** A page may have fewer items than there are on it: what is not for the caller is left out. */
async function listOffers(
  { zekt }: Call,
  identity: WorkflowIdentity,
  after: string | undefined,
  limit: number,
): Promise<ServiceOfferPage> {
  const viewer = { repository: identityRef(identity), ownerId: identity.repositoryOwnerId };
  const page = await listServices(zekt.store, after, limit);
  const visible = page.items.filter((service) => isListedFor(service, viewer));
  return { items: visible.map(offerOf), next: page.next };
}

export async function apply(call: Call): Promise<ApplyAnswer> {
  const party = await requireParty(call.zekt, call.request);
  const { resources, dryRun = false } = await readContract(call.request, 'ApplyRequest', limits.bodyOfApply.value);
  const context: ApplyContext = {
    ...applyContext(call, dryRun),
    beforeWriting: (checked) => {
      if (party.kind !== 'workflow') return;
      const asked = checked.filter(({ kind, action }) => kind === 'Subscription' && action !== 'unchanged');
      call.zekt.fairUse.take('requestsOfRepository', identityRef(party.identity), call.zekt.clock.now(), asked.length);
    },
  };
  const results = await applyResources(context, resources, party);
  return { dryRun, results };
}

/** For an operator, or the provider's own workflow. */
export async function makeInvitation(call: Call): Promise<Invitation> {
  const { zekt, request } = call;
  const party = await requireParty(zekt, request);
  const { expiresInSeconds } = hasBody(request) ? await readContract(request, 'InvitationRequest') : {};
  const service = (await findService(zekt.store, labelIn(call)))?.body;
  if (!service || (party.kind === 'workflow' && !speaksFor(party.identity, service.provider, service.ownerId)))
    throw noSuchService(labelIn(call));
  if (party.kind === 'workflow') await requireDefaultBranch(applyContext(call), party.identity);
  return invite(zekt.store, service.id, expiresInSeconds, zekt.clock.now());
}
