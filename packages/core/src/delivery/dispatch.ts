import { getInstallation, noteInstallation } from '../directory/installation.ts';
import { getRepository, noteRepository, rememberRepository, type RepositoryDocument } from '../directory/repository.ts';
import { getSubscriptionOf } from '../directory/subscription.ts';
import { domainEvent } from '../events/domain-event.ts';
import { runPartition } from '../identity/run-key.ts';
import { complete, type BusMessage, type Handler, type Settlement } from '../ports/bus.ts';
import type { Clock } from '../ports/clock.ts';
import type { DocumentStore } from '../ports/document-store.ts';
import type { DispatchAnswer, GitHubGateway } from '../ports/github.ts';
import type { Count, Log } from '../ports/log.ts';
import { updateDocument } from '../ports/update-document.ts';
import { messageDocumentId, type MessageDocument } from '../receive/accept-message.ts';
import { maxDispatchBytes } from '../receive/payload-limits.ts';
import { afterAttempt, type RetryPolicy } from './after-attempt.ts';
import { clientPayload } from './client-payload.ts';
import {
  deliveryExpiry,
  deliveryPartition,
  getDelivery,
  isUnsent,
  type DeliveryDocument,
} from './delivery-document.ts';
import { holdDelivery } from './hold.ts';
import type { Pace } from './pace.ts';

export interface DispatchWork {
  readonly deliveryId: string;
  /** The time that this delivery was given in its installation's queue (ms). */
  readonly slot?: number;
}

export interface DispatchContext {
  readonly store: DocumentStore;
  readonly clock: Clock;
  readonly github: Pick<GitHubGateway, 'dispatch' | 'findRepository'>;
  readonly pace: Pace;
  readonly retry: RetryPolicy;
  readonly log: Log;
  readonly count: Count;
}

/** How long a delivery waits before it looks again whether the one before it was sent. */
const behindMs = 1000;

/** Sends one delivery to GitHub and records what came of it. The bus gives each installation one handler at a time. */
export function dispatch(context: DispatchContext): Handler {
  return async ({ body }) => {
    const work = body as DispatchWork;
    const { store, clock, pace } = context;
    const delivery = await getDelivery(store, work.deliveryId);
    if (!delivery || !isUnsent(delivery)) return complete;
    const nowMs = clock.now();
    if (delivery.nextAttemptAt !== null && delivery.nextAttemptAt > nowMs) return again(work, delivery.nextAttemptAt);

    const subscription = await getSubscriptionOf(store, delivery.service, delivery.subscription);
    if (subscription?.body.state !== 'approved')
      return cancel(context, delivery, subscription?.body.state ?? 'removed');

    let repository: RepositoryDocument | null;
    try {
      repository = await installedRepository(context, delivery);
    } catch (error) {
      return settle(context, work, unexpected(context, delivery, error), null);
    }
    if (!repository?.installationId) {
      const reason = `The Zekt App is not installed on ${delivery.repository}.`;
      return settle(context, work, { kind: 'refused', status: null, reason }, null);
    }
    const { installationId } = repository;
    if ((await getInstallation(store, installationId))?.suspended) {
      return settle(context, work, { kind: 'suspended', reason: 'The installation is suspended.' }, installationId);
    }
    const slot = await pace.reserve(installationId, nowMs, work.slot);
    if (slot > nowMs) return again({ ...work, slot }, slot);

    const before = delivery.after === null ? null : await getDelivery(store, delivery.after);
    if (before && isUnsent(before)) return again(work, Math.max(before.nextAttemptAt ?? 0, nowMs) + behindMs);

    const answer = await send(context, delivery, repository.fullName, installationId);
    return settle(context, work, answer, installationId);
  };
}

const again = (body: DispatchWork, at: number): Settlement => ({ settle: 'again', at, body });

/** The consumer with its installation; asks GitHub when none is known, since a webhook may have been missed. */
async function installedRepository(
  { store, github, clock }: DispatchContext,
  delivery: DeliveryDocument,
): Promise<RepositoryDocument | null> {
  const known = await getRepository(store, delivery.repositoryId);
  if (known?.installationId) return known;
  const found = await github.findRepository(known?.fullName ?? delivery.repository);
  // Another repository may have taken the name.
  if (found?.id !== delivery.repositoryId) return null;
  await rememberRepository(store, found, clock.now());
  return getRepository(store, delivery.repositoryId);
}

async function send(
  context: DispatchContext,
  delivery: DeliveryDocument,
  repository: string,
  installationId: string,
): Promise<DispatchAnswer> {
  const { store, clock, github } = context;
  let payload: string | null = null;
  let traceparent: string | undefined;
  if (delivery.item !== 'run') {
    const message = await store.get<MessageDocument>(
      runPartition(delivery.correlationId),
      messageDocumentId(delivery.item),
    );
    if (!message) return { kind: 'refused', status: null, reason: 'The payload is no longer kept.' };
    ({ payload, traceparent } = message.body);
  }
  const content = clientPayload(delivery, payload, clock.now(), traceparent);
  const bytes = Buffer.byteLength(JSON.stringify(content));
  if (bytes > maxDispatchBytes) {
    return {
      kind: 'refused',
      status: null,
      reason: `The payload has ${bytes} bytes with the run's data; GitHub takes ${maxDispatchBytes}.`,
    };
  }
  try {
    return await github.dispatch({
      installationId,
      repositoryId: delivery.repositoryId,
      repository,
      eventType: delivery.eventType,
      clientPayload: content,
    });
  } catch (error) {
    return unexpected(context, delivery, error);
  }
}

/** GitHub could not even be asked: that is for the delivery's own schedule, which is longer than the bus's patience. */
function unexpected({ log }: DispatchContext, { deliveryId }: DeliveryDocument, error: unknown): DispatchAnswer {
  log.error({ deliveryId, err: error }, 'a dispatch failed before GitHub answered it');
  return { kind: 'retry', status: null, reason: error instanceof Error ? error.message : 'unknown failure' };
}

/** Records an answer, keeps the installation quiet if asked to, and says when to come back. */
async function settle(
  context: DispatchContext,
  work: DispatchWork,
  answer: DispatchAnswer,
  installationId: string | null,
): Promise<Settlement> {
  const { store, clock, pace, retry } = context;
  const nowMs = clock.now();
  const { deliveryId } = work;
  const updated = await updateDocument<DeliveryDocument>(
    store,
    deliveryPartition(deliveryId),
    'delivery',
    (current) => {
      // The consumer's own report may have come before this record: it is the better proof.
      if (!current || !isUnsent(current)) return null;
      const next = afterAttempt(current, answer, nowMs, retry);
      return { body: next, expiresAt: deliveryExpiry(current.createdAt), messages: reports(next, nowMs) };
    },
  );
  if (!updated.changed) return complete;
  const next = updated.body;
  context.count(next.state === 'pending' ? 'deliveries.retried' : `deliveries.${next.state}`);
  if (answer.repository !== undefined)
    await noteRepository(store, next.repositoryId, nowMs, { fullName: answer.repository });
  if (next.state === 'held' && installationId !== null) {
    const installation = await getInstallation(store, installationId);
    // Dated as what was known before, so that any news of GitHub's own counts as newer: its times have a grain of a second.
    if (!installation?.suspended)
      await noteInstallation(store, installationId, installation?.changedAt ?? 0, { suspended: true });
    await holdDelivery(store, installationId, deliveryId, deliveryExpiry(next.createdAt), nowMs);
    return complete;
  }
  if (answer.kind === 'limited' && installationId !== null && next.nextAttemptAt !== null)
    await pace.hush(installationId, next.nextAttemptAt);
  return next.nextAttemptAt === null ? complete : again({ deliveryId }, next.nextAttemptAt);
}

function reports(delivery: DeliveryDocument, nowMs: number): BusMessage[] {
  const { deliveryId, state, repository, eventType, reason, sent } = delivery;
  const details = {
    once: `${deliveryId}:${sent}`,
    deliveryId,
    correlationId: delivery.correlationId,
    eventId: delivery.eventId,
    service: delivery.service,
    subscription: delivery.subscription,
    repositoryId: delivery.run.repositoryId,
    consumerRepositoryId: delivery.repositoryId,
    ...(reason !== null && { reason }),
  };
  switch (state) {
    case 'dispatched':
      return [
        domainEvent('delivery.dispatched', nowMs, {
          ...details,
          summary: `${eventType} was dispatched to ${repository}.`,
        }),
      ];
    case 'deadlettered':
      return [
        domainEvent('delivery.deadlettered', nowMs, {
          ...details,
          summary: `${eventType} to ${repository} was given up: ${reason ?? ''}`,
        }),
      ];
    case 'held':
      return [
        domainEvent('delivery.held', nowMs, {
          ...details,
          summary: `${eventType} to ${repository} waits: the installation is suspended.`,
        }),
      ];
    case 'cancelled':
      return [
        domainEvent('delivery.cancelled', nowMs, {
          ...details,
          summary: `${eventType} to ${repository} was not sent: ${reason ?? ''}`,
        }),
      ];
    default:
      return [];
  }
}

/** The right to receive was taken back before this was sent. */
async function cancel(
  { store, clock }: DispatchContext,
  delivery: DeliveryDocument,
  state: string,
): Promise<Settlement> {
  const nowMs = clock.now();
  await updateDocument<DeliveryDocument>(store, deliveryPartition(delivery.deliveryId), 'delivery', (current) => {
    if (!current || !isUnsent(current)) return null;
    const next: DeliveryDocument = {
      ...current,
      state: 'cancelled',
      nextAttemptAt: null,
      reason: `The subscription is ${state}.`,
    };
    return { body: next, expiresAt: deliveryExpiry(current.createdAt), messages: reports(next, nowMs) };
  });
  return complete;
}
