import type { Removed, Subscription, SubscriptionPage } from '@zekt/contracts';
import {
  allSubscriptions,
  decideSubscription,
  findSubscription,
  getService,
  listSubscriptions,
  manager,
  nameOfParty,
  putSubscription,
  removeSubscription,
  requireDefaultBranch,
  ZektError,
  type Party,
  type ServiceDocument,
  type SubscriptionDocument,
  type SubscriptionState,
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

/** The subscription, for its two sides and operators; to everybody else it is as if there were none. */
async function findFor(call: Call, party: Party): Promise<Found & { readonly side: Side }> {
  const id = param(call, 'id');
  const subscription = (await findSubscription(call.zekt.store, id))?.body;
  const service = subscription && (await getService(call.zekt.store, subscription.service))?.body;
  const side = subscription ? sideOf(party, subscription, service ?? null) : null;
  if (!subscription || !side) throw new ZektError('not_found', `There is no subscription '${id}'.`);
  return { subscription, service: service ?? null, side };
}

function sideOf(party: Party, subscription: SubscriptionDocument, service: ServiceDocument | null): Side | null {
  if (party.kind === 'manager') return 'operator';
  const { repositoryId } = party.identity;
  if (service?.repositoryId === repositoryId) return 'provider';
  return subscription.repositoryId === repositoryId ? 'consumer' : null;
}

/** A consumer sees the provider only as the directory shows it. */
const presentTo = (side: Side, { subscription, service }: Found): Subscription =>
  presentSubscription(subscription, side === 'consumer' ? service : null);

export async function request(call: Call): Promise<Subscription> {
  const { zekt } = call;
  const party = await requireParty(zekt, call.request);
  const { metadata, spec } = await readContract(call.request, 'SubscriptionResource');
  if (party.kind === 'workflow') await requireDefaultBranch(zekt.github, party.identity);
  const { document } = await putSubscription({ ...applyContext(call), asksAgain: true }, metadata.name, spec, party);
  const service = (await getService(zekt.store, document.service))?.body ?? null;
  return presentTo(sideOf(party, document, service) ?? 'consumer', { subscription: document, service });
}

export async function get(call: Call): Promise<Subscription> {
  const found = await findFor(call, await requireParty(call.zekt, call.request));
  return presentTo(found.side, found);
}

export async function remove(call: Call): Promise<Removed> {
  await removeSubscription(call.zekt.store, param(call, 'id'), nameOfParty(manager), call.zekt.clock.now());
  return { removed: param(call, 'id') };
}

export async function list(call: Call): Promise<SubscriptionPage> {
  const { after, limit } = readPaging(call);
  const page = await listSubscriptions(call.zekt.store, allSubscriptions, after, limit);
  return { items: page.items.map((subscription) => presentSubscription(subscription, null)), next: page.next };
}

/** Sides that may decide so: what a provider gives it takes back, and what a consumer has it gives up. */
const decideAs =
  (state: SubscriptionState, mayDecide: Side) =>
  async (call: Call): Promise<Subscription> => {
    const { zekt } = call;
    const party = await requireParty(zekt, call.request);
    const found = await findFor(call, party);
    if (found.side !== 'operator' && found.side !== mayDecide)
      throw new ZektError('forbidden', `Only the ${mayDecide} of '${found.subscription.name}' may do this.`);
    if (party.kind === 'workflow') await requireDefaultBranch(zekt.github, party.identity);
    const { reason } = hasBody(call.request) ? await readContract(call.request, 'DecisionRequest') : {};
    const decision = { state, by: nameOfParty(party), ...(reason !== undefined && { reason }) };
    const subscription = await decideSubscription(zekt.store, param(call, 'id'), decision, zekt.clock.now());
    return presentTo(found.side, { ...found, subscription });
  };

export const approve = decideAs('approved', 'provider');
export const reject = decideAs('rejected', 'provider');
export const revoke = decideAs('revoked', 'provider');
export const leave = decideAs('revoked', 'consumer');
