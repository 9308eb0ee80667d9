import type { Delivery, Run, Service, Subscription } from '@zekt/contracts';
import {
  correlationIdOf,
  isoTime,
  publicNameOf,
  runItem,
  repositoryIdOf,
  type DeliveryDocument,
  type RunDocument,
  type RunView,
  type ServiceDocument,
  type StateChange,
  type SubscriptionDocument,
} from '@zekt/core';

const isoOrNull = (ms: number | null | undefined): string | null =>
  ms === null || ms === undefined ? null : isoTime(ms);

export function presentService(service: ServiceDocument, approved: number): Service {
  const { owner, name, repository, workflow, eventType, issuer, allowPullRequests, description, tags, visibility } =
    service;
  const { eventTypes } = service;
  return {
    apiVersion: 'zekt.dev/v1',
    kind: 'Service',
    metadata: { owner, name },
    spec: {
      repository,
      workflow,
      eventType,
      ...(eventTypes.length > 0 && { eventTypes: [...eventTypes] }),
      issuer,
      allowPullRequests,
      description,
      tags: [...tags],
      listed: visibility === 'public',
      visibility,
      ...(service.alias !== null && { alias: service.alias }),
      ...(service.approves.length > 0 && { approves: service.approves.map(({ fullName }) => fullName) }),
      ...(service.approval && { approval: service.approval }),
    },
    status: {
      id: service.id,
      repositoryId: repositoryIdOf(service.provider),
      ownerId: service.ownerId,
      suspended: service.suspended,
      subscriptions: approved,
      updatedAt: isoTime(service.updatedAt),
    },
  };
}

/** As a consumer sees it: behind an alias neither the service's own name nor who decided is told. */
export interface ConsumerView {
  /** Null: it is gone, and still known by the name that it had. */
  readonly service: ServiceDocument | null;
}

/** @param view null: everything is told */
export function presentSubscription(
  subscription: SubscriptionDocument,
  history: readonly StateChange[],
  view: ConsumerView | null,
): Subscription {
  const { id, name, repository, state, terms, granted, durable, consumer, digest, note, updatedAt } = subscription;
  const service = view ? (view.service ? publicNameOf(view.service) : subscription.shownAs) : subscription.service;
  const isHidden = service !== subscription.service;
  const shownBy = (by: string): string =>
    isHidden && !by.endsWith(` in ${repository}`) ? (service.split('/')[0] ?? '') : by;
  return {
    apiVersion: 'zekt.dev/v1',
    kind: 'Subscription',
    metadata: { name },
    spec: {
      service,
      repository,
      // What nobody can ask for is not in what can be applied.
      ...(state !== 'suspended' && { state }),
      eventTypes: [...terms.eventTypes],
      conclusions: [...terms.conclusions] as NonNullable<Subscription['spec']['conclusions']>,
      durable,
      ...(note !== '' && { note }),
    },
    status: {
      id,
      state,
      repositoryId: repositoryIdOf(consumer),
      digest,
      granted: granted && {
        eventTypes: [...granted.eventTypes],
        conclusions: [...granted.conclusions],
        by: shownBy(granted.by),
        at: isoTime(granted.at),
      },
      updatedAt: isoTime(updatedAt),
      history: history.map(({ at, state: then, by, reason }) => ({
        at,
        state: then,
        by: shownBy(by),
        ...(reason !== undefined && { reason }),
      })),
    },
  };
}

export function presentRun(view: RunView): Run {
  const decided = view.kind === 'decided' ? view.document : null;
  const { run, workflow, items } = decided ?? (view as Extract<RunView, { readonly kind: 'waiting' }>);
  const messages = items.filter(({ key }) => key !== runItem);
  return {
    correlationId: correlationIdOf(run),
    repository: decided?.facts?.repository ?? null,
    workflow,
    service: decided?.service?.label ?? null,
    state: stateOf(decided),
    conclusion: decided?.facts?.conclusion ?? null,
    blockedBecause: decided?.blocked ?? null,
    htmlUrl: decided?.facts?.htmlUrl ?? null,
    receivedAt: isoTime(decided?.firstSeenAt ?? items[0]?.receivedAt ?? 0),
    completedAt: isoOrNull(decided?.completedAt),
    messages: messages.map(({ eventId, eventType, receivedAt }) => ({
      eventId,
      eventType,
      receivedAt: isoTime(receivedAt),
    })),
    deliveries: decided?.deliveries ?? 0,
  };
}

function stateOf(decided: RunDocument | null): Run['state'] {
  if (!decided) return 'waiting';
  if (decided.expired) return 'expired';
  return decided.blocked === null ? 'completed' : 'blocked';
}

/** As the consumer may see it: behind an alias, nothing tells where the run was. */
export const presentToConsumer = (delivery: DeliveryDocument): Delivery =>
  delivery.alias === undefined
    ? presentDelivery(delivery)
    : { ...presentDelivery(delivery), service: delivery.alias, correlationId: null };

export function presentDelivery(delivery: DeliveryDocument): Delivery {
  return {
    deliveryId: delivery.deliveryId,
    correlationId: correlationIdOf(delivery.run),
    eventId: delivery.eventId,
    service: delivery.service,
    subscription: delivery.subscription,
    repository: delivery.repository,
    eventType: delivery.eventType,
    state: delivery.state,
    durable: delivery.durable,
    attempts: delivery.attempts.map(({ at, ...attempt }) => ({ at: isoTime(at), ...attempt })),
    nextAttemptAt: isoOrNull(delivery.nextAttemptAt),
    createdAt: isoTime(delivery.createdAt),
    dispatchedAt: isoOrNull(delivery.dispatchedAt),
    confirmedAt: isoOrNull(delivery.confirmedAt),
    completedAt: isoOrNull(delivery.completedAt),
    confirmations: delivery.confirmations,
    consumerConclusion: delivery.consumerConclusion,
    consumerMessage: delivery.consumerMessage,
    consumerRunUrl: delivery.consumerRunUrl,
    replayOf: delivery.replayOf,
    replayedBy: [...delivery.replayedBy],
    reason: delivery.reason,
  };
}
