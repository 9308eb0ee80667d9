import type { Removed, Subscription, SubscriptionPage } from '@zekt/contracts';
import {
  allSubscriptions,
  decideSubscription,
  findSubscription,
  listSubscriptions,
  putSubscription,
  removeSubscription,
  ZektError,
  type SubscriptionState,
} from '@zekt/core';
import { manager, param, readPaging, type Call } from './call.ts';
import { putContext } from './manage-services.ts';
import { presentSubscription } from './present.ts';
import { readContract } from './read-body.ts';

export async function request(call: Call): Promise<Subscription> {
  const { metadata, spec } = await readContract(call.request, 'SubscriptionResource');
  const { document } = await putSubscription(putContext(call), metadata.name, spec, manager);
  return presentSubscription(document);
}

export async function get(call: Call): Promise<Subscription> {
  const found = await findSubscription(call.zekt.store, param(call, 'id'));
  if (!found) throw new ZektError('not_found', `There is no subscription '${param(call, 'id')}'.`);
  return presentSubscription(found.body);
}

export async function remove(call: Call): Promise<Removed> {
  await removeSubscription(call.zekt.store, param(call, 'id'), manager, call.zekt.clock.now());
  return { removed: param(call, 'id') };
}

export async function list(call: Call): Promise<SubscriptionPage> {
  const { after, limit } = readPaging(call);
  const page = await listSubscriptions(call.zekt.store, allSubscriptions, after, limit);
  return { items: page.items.map(presentSubscription), next: page.next };
}

const decideAs =
  (state: SubscriptionState) =>
  async (call: Call): Promise<Subscription> => {
    const hasBody = (call.request.headers.get('content-length') ?? '0') !== '0';
    const { reason } = hasBody ? await readContract(call.request, 'DecisionRequest') : {};
    const decision = { state, by: manager, ...(reason !== undefined && { reason }) };
    return presentSubscription(
      await decideSubscription(call.zekt.store, param(call, 'id'), decision, call.zekt.clock.now()),
    );
  };

export const approve = decideAs('approved');
export const reject = decideAs('rejected');
export const revoke = decideAs('revoked');
