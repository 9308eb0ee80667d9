import type { Removed, Subscription, SubscriptionPage } from '@zekt/contracts';
import {
  decideSubscription,
  findSubscription,
  getService,
  historyOf,
  identityRef,
  listSubscriptions,
  manager,
  nameOfParty,
  noSuchSubscription,
  putSubscription,
  removeSubscription,
  requireDefaultBranch,
  speaksFor,
  ZektError,
  type Party,
  type ServiceDocument,
  type StateDecision,
  type SubscriptionDocument,
} from '@zekt/core';
import { requireParty } from './authenticate.ts';
import { param, readPaging, type Call } from './call.ts';
import { applyContext } from './manage-services.ts';
import { presentSubscription } from './present.ts';
import { hasBody, readContract } from './read-body.ts';

type Side = 'operator' | 'provider' | 'consumer';

interface Found {
  readonly subscription: SubscriptionDocument;
  readonly service: ServiceDocument | null;
}

const serviceOf = async ({ zekt }: Call, { provider, serviceId }: SubscriptionDocument) =>
  (await getService(zekt.store, { provider, id: serviceId }))?.body ?? null;

/** The subscription, for its two sides and operators; to everybody else it is as if there were none. */
async function findFor(call: Call, party: Party): Promise<Found & { readonly side: Side }> {
  const id = param(call, 'id');
  const subscription = (await findSubscription(call.zekt.store, id))?.body;
  if (!subscription) throw noSuchSubscription(id);
  const service = await serviceOf(call, subscription);
  const side = sideOf(party, subscription, service);
  if (!side) throw noSuchSubscription(id);
  return { subscription, service, side };
}

/** A side is a repository and its owner: whoever got the repository since then is neither. */
function sideOf(party: Party, subscription: SubscriptionDocument, service: ServiceDocument | null): Side | null {
  if (party.kind === 'manager') return 'operator';
  if (service && speaksFor(party.identity, service.provider, service.ownerId)) return 'provider';
  return speaksFor(party.identity, subscription.consumer, subscription.ownerId) ? 'consumer' : null;
}

/** A consumer sees the provider only as the directory shows it. */
async function presentTo({ zekt }: Call, side: Side, { subscription, service }: Found): Promise<Subscription> {
  const history = await historyOf(zekt.store, subscription);
  return presentSubscription(subscription, history, side === 'consumer' ? { service } : null);
}

export async function request(call: Call): Promise<Subscription> {
  const party = await requireParty(call.zekt, call.request);
  const { metadata, spec } = await readContract(call.request, 'SubscriptionResource');
  const context = { ...applyContext(call), asksAgain: true };
  if (party.kind === 'workflow')
    call.zekt.fairUse.take('requestsOfRepository', identityRef(party.identity), context.nowMs);
  if (party.kind === 'workflow') await requireDefaultBranch(context, party.identity);
  const { document } = await putSubscription(context, metadata.name, spec, party);
  const service = await serviceOf(call, document);
  return presentTo(call, sideOf(party, document, service) ?? 'consumer', { subscription: document, service });
}

export async function get(call: Call): Promise<Subscription> {
  const found = await findFor(call, await requireParty(call.zekt, call.request));
  return presentTo(call, found.side, found);
}

export async function remove(call: Call): Promise<Removed> {
  await removeSubscription(call.zekt.store, param(call, 'id'), nameOfParty(manager), call.zekt.clock.now());
  return { removed: param(call, 'id') };
}

export async function list(call: Call): Promise<SubscriptionPage> {
  const { after, limit } = readPaging(call);
  const page = await listSubscriptions(call.zekt.store, 'all', after, limit);
  const items = page.items.map((subscription) => presentTo(call, 'operator', { subscription, service: null }));
  return { items: await Promise.all(items), next: page.next };
}

/** Sides that may decide so: what a provider gives it takes back, and what a consumer has it gives up. */
const decideAs =
  (state: StateDecision['state'], mayDecide: Side) =>
  async (call: Call): Promise<Subscription> => {
    const { zekt } = call;
    const party = await requireParty(zekt, call.request);
    const found = await findFor(call, party);
    if (found.side !== 'operator' && found.side !== mayDecide)
      throw new ZektError('forbidden', `Only the ${mayDecide} of '${found.subscription.name}' may do this.`);
    if (party.kind === 'workflow') await requireDefaultBranch(applyContext(call), party.identity);
    const { reason, digest } = hasBody(call.request) ? await readContract(call.request, 'DecisionRequest') : {};
    const decision: StateDecision = {
      state,
      by: nameOfParty(party),
      // An operator who lets a consumer leave does what the consumer asked for.
      side: mayDecide === 'consumer' ? 'consumer' : found.side,
      ...(reason !== undefined && { reason }),
      ...(digest !== undefined && { digest }),
    };
    const subscription = await decideSubscription(zekt.store, found.subscription.id, decision, zekt.clock.now());
    return presentTo(call, found.side, { ...found, subscription });
  };

export const approve = decideAs('approved', 'provider');
export const reject = decideAs('rejected', 'provider');
export const revoke = decideAs('revoked', 'provider');
export const leave = decideAs('revoked', 'consumer');
