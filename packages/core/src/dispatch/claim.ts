import { getInstallation, type InstallationDocument } from '../directory/installation.ts';
import { getRepository, rememberRepository, type RepositoryDocument } from '../directory/repository.ts';
import { getSubscription, takesConclusion, takesEventType } from '../directory/subscription.ts';
import type { SendWork } from '../hints.ts';
import { accountRef, repositoryIdOf } from '../identity/keys.ts';
import { runItem } from '../identity/opaque.ts';
import { payloadKeptMs, type MessageDocument } from '../receive/message-document.ts';
import type { DispatchContext } from './context.ts';
import { getDelivery, isUnsent, type DeliveryDocument } from './delivery-document.ts';
import { plannedDelivery } from './planned.ts';

/** What is to be done about a delivery, before anything is sent. */
export type Claim =
  /** It was sent, or ended, before: whatever else follows from that is done again. */
  | { readonly kind: 'settled'; readonly delivery: DeliveryDocument }
  /** Nothing comes of it before then (ms). */
  | { readonly kind: 'wait'; readonly until: number; readonly work: SendWork }
  /** It may not be sent any more. */
  | { readonly kind: 'cancel'; readonly delivery: DeliveryDocument; readonly reason: string }
  | { readonly kind: 'refuse'; readonly delivery: DeliveryDocument; readonly reason: string }
  | { readonly kind: 'retry'; readonly delivery: DeliveryDocument; readonly reason: string }
  | ({ readonly kind: 'hold'; readonly delivery: DeliveryDocument } & Place)
  | ({
      readonly kind: 'send';
      readonly delivery: DeliveryDocument;
      readonly repository: RepositoryDocument;
      /** Null: the run itself is what is sent. */
      readonly message: MessageDocument | null;
      /** The owner to whom the right was given. */
      readonly ownerId: string;
    } & Place);

/** Whose queue the delivery is in. */
export interface Place {
  readonly installationId: string;
  /** As it was known when the delivery was looked at. */
  readonly installation: InstallationDocument | null;
}

/** How long a delivery waits before it looks again whether the one before it was sent: twice as long each time. */
const behindMs = 1000;
const longestBehindMs = 300_000;
/** About a day; then it goes without the one before it, which nobody has settled. */
const maxBehind = 300;

/** Looks at a delivery: whether it is still to be sent, may be, and may be now. */
export async function claim(context: DispatchContext, work: SendWork): Promise<Claim> {
  const { store, clock, pace } = context;
  const delivery = (await getDelivery(store, work.deliveryId)) ?? (await fromPlan(context, work));
  if (!isUnsent(delivery)) return { kind: 'settled', delivery };
  const nowMs = clock.now();
  if (delivery.nextAttemptAt !== null && delivery.nextAttemptAt > nowMs)
    return { kind: 'wait', until: delivery.nextAttemptAt, work };

  const right = await rightOf(context, delivery);
  if (typeof right === 'string') return { kind: 'cancel', delivery, reason: right };
  let repository: RepositoryDocument | null;
  try {
    repository = await installedRepository(context, delivery);
  } catch (error) {
    context.log.warn({ deliveryId: delivery.deliveryId, err: error }, 'GitHub could not be asked for a consumer');
    return { kind: 'retry', delivery, reason: error instanceof Error ? error.message : 'unknown failure' };
  }
  if (!repository?.installationId)
    return { kind: 'refuse', delivery, reason: `The Zekt App is not installed on ${delivery.repository}.` };
  if (repository.ownerId !== right.ownerId) {
    const reason = `${repository.fullName} has another owner than the one who was given the right. Approve the subscription again to confirm.`;
    return { kind: 'cancel', delivery, reason };
  }
  const { installationId } = repository;
  const installation = await getInstallation(store, installationId);
  const place: Place = { installationId, installation };
  if (installation?.suspended) return { kind: 'hold', delivery, ...place };

  const waitsFor = delivery.after === null ? null : await getDelivery(store, delivery.after);
  const behind = work.behind ?? 0;
  if (delivery.after !== null && (!waitsFor || isUnsent(waitsFor)) && behind < maxBehind) {
    const pauseMs = Math.min(behindMs * 2 ** behind, longestBehindMs);
    const until = Math.max(waitsFor?.nextAttemptAt ?? 0, nowMs) + pauseMs;
    return { kind: 'wait', until, work: { ...work, behind: behind + 1 } };
  }
  const message = delivery.item === runItem ? null : await context.recent.message(delivery.run, delivery.item);
  if (delivery.item !== runItem && message?.payload == null) {
    if (message || nowMs > delivery.itemAt + payloadKeptMs)
      return { kind: 'refuse', delivery, reason: 'The payload is no longer kept.' };
    throw new Error(`The message of delivery ${delivery.deliveryId} is not visible yet.`);
  }
  const account = accountRef(delivery.run.repository, delivery.facts.ownerId);
  const slot = await pace.reserve({ installationId, account, nowMs, slot: work.slot });
  if (slot > nowMs) return { kind: 'wait', until: slot, work: { ...work, slot } };
  return { kind: 'send', delivery, repository, message, ownerId: right.ownerId, ...place };
}

/** @throws Error while the plan that names it is not visible: then the hint comes again */
async function fromPlan(
  { recent, ids }: DispatchContext,
  { deliveryId, run, planned }: SendWork,
): Promise<DeliveryDocument> {
  const plan = planned && (await recent.plan(run, planned));
  const found = plan && plannedDelivery(ids, plan.document, plan.lane, planned.item);
  if (found?.deliveryId !== deliveryId) throw new Error(`The plan of delivery ${deliveryId} is not visible yet.`);
  return found;
}

/** Whom the right was given to; or why there is none any more. */
async function rightOf(
  { store }: DispatchContext,
  { run, serviceId, subscriptionId, consumer, eventType, facts }: DeliveryDocument,
): Promise<{ readonly ownerId: string } | string> {
  const pointer = { provider: run.repository, serviceId, id: subscriptionId };
  const subscription = (await getSubscription(store, pointer))?.body;
  if (subscription?.consumer !== consumer) return 'The subscription is removed.';
  const { state, granted } = subscription;
  if (!granted || (state !== 'approved' && state !== 'pending')) return `The subscription is ${state}.`;
  if (!takesEventType(subscription, eventType) || !takesConclusion(subscription, facts.conclusion))
    return 'The subscription no longer takes this.';
  return { ownerId: granted.ownerId };
}

/** The consumer with its installation; asks GitHub when none is known, since a webhook may have been missed. */
async function installedRepository(
  { store, github, clock, issuer }: DispatchContext,
  { consumer, repository }: DeliveryDocument,
): Promise<RepositoryDocument | null> {
  const known = await getRepository(store, consumer);
  if (known?.installationId) return known;
  const found = await github.findRepository(known?.fullName ?? repository);
  // Another repository may have taken the name.
  if (found?.id !== repositoryIdOf(consumer)) return null;
  await rememberRepository(store, issuer, found, clock.now());
  return getRepository(store, consumer);
}
