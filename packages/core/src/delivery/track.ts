import { ZektError } from '../errors.ts';
import { domainEvent } from '../events/domain-event.ts';
import { runPartition } from '../identity/run-key.ts';
import { complete as done, type Handler } from '../ports/bus.ts';
import type { Clock } from '../ports/clock.ts';
import type { DocumentStore } from '../ports/document-store.ts';
import type { RunFacts } from '../ports/github.ts';
import { updateDocument } from '../ports/update-document.ts';
import {
  deliveryExpiry,
  deliveryPartition,
  getDelivery,
  isFinal,
  runDeliveryPrefix,
  type DeliveryDocument,
  type DeliveryPointer,
} from './delivery-document.ts';

/** What a consumer tells about a delivery. */
export type Report =
  | { readonly kind: 'confirm'; readonly runUrl?: string }
  | {
      readonly kind: 'complete';
      readonly success: boolean;
      readonly conclusion?: string;
      readonly message?: string;
      readonly runUrl?: string;
    };

export interface DeliveryReference {
  readonly deliveryId?: string;
  readonly correlationId?: string;
}

/**
 * The delivery as its consumer's report leaves it, or null when it says nothing new. A report proves receipt, so it counts whatever
 * Zekt believed before; the first completion is final; a confirmation after it only fills in the time.
 */
export function afterReport(delivery: DeliveryDocument, report: Report, nowMs: number): DeliveryDocument | null {
  const { runUrl } = report;
  const seen = { ...delivery, nextAttemptAt: null, consumerRunUrl: delivery.consumerRunUrl ?? runUrl ?? null };
  if (report.kind === 'confirm') {
    if (delivery.confirmedAt !== null) return null;
    const confirmed = { ...seen, confirmedAt: nowMs, confirmations: delivery.confirmations + 1 };
    return isFinal(delivery) ? confirmed : { ...confirmed, state: 'confirmed', reason: null };
  }
  if (isFinal(delivery)) return null;
  return {
    ...seen,
    state: report.success ? 'completed' : 'failed',
    completedAt: nowMs,
    consumerConclusion: report.conclusion ?? (report.success ? 'success' : 'failure'),
    consumerMessage: report.message ?? null,
    reason: null,
  };
}

const eventOfState = {
  confirmed: 'delivery.confirmed',
  completed: 'delivery.completed',
  failed: 'delivery.failed',
} as const;

async function record(
  store: DocumentStore,
  deliveryId: string,
  report: Report,
  nowMs: number,
): Promise<DeliveryDocument | null> {
  const updated = await updateDocument<DeliveryDocument>(
    store,
    deliveryPartition(deliveryId),
    'delivery',
    (current) => {
      const next = current && afterReport(current, report, nowMs);
      if (!next) return null;
      const type =
        report.kind === 'confirm' ? 'delivery.confirmed' : eventOfState[next.state as 'completed' | 'failed'];
      const event = domainEvent(type, nowMs, {
        once: deliveryId,
        summary: `${next.repository} ${report.kind === 'confirm' ? 'confirmed' : report.success ? 'completed' : 'failed'} ${next.eventType}.`,
        deliveryId,
        correlationId: next.correlationId,
        service: next.service,
        subscription: next.subscription,
        repositoryId: next.run.repositoryId,
        consumerRepositoryId: next.repositoryId,
      });
      return { body: next, expiresAt: deliveryExpiry(next.createdAt), messages: [event] };
    },
  );
  return updated.changed ? updated.body : getDelivery(store, deliveryId);
}

/**
 * Takes a report of a consumer's workflow. Repeating it changes nothing.
 *
 * @param repositoryId the caller's, from its verified token: other repositories' deliveries do not exist for it
 * @throws ZektError `not_found`, or `ambiguous_correlation` when the run led to several deliveries to this repository
 */
export async function reportDelivery(
  store: DocumentStore,
  repositoryId: string,
  reference: DeliveryReference,
  report: Report,
  nowMs: number,
): Promise<DeliveryDocument> {
  const deliveryId = reference.deliveryId ?? (await onlyDeliveryOf(store, repositoryId, reference.correlationId ?? ''));
  const delivery = await getDelivery(store, deliveryId);
  if (delivery?.repositoryId !== repositoryId) throw notFound(`delivery '${deliveryId}'`);
  if (reference.correlationId !== undefined && delivery.correlationId !== reference.correlationId)
    throw notFound(`delivery '${deliveryId}' of this run`);
  return (await record(store, deliveryId, report, nowMs)) ?? delivery;
}

const notFound = (what: string): ZektError =>
  new ZektError(
    'not_found',
    `There is no ${what} to this repository. The id is in client_payload._zekt of the dispatch.`,
  );

async function onlyDeliveryOf(store: DocumentStore, repositoryId: string, correlationId: string): Promise<string> {
  const { items } = await store.list<DeliveryPointer>(runPartition(correlationId), {
    prefix: runDeliveryPrefix(repositoryId),
    limit: 100,
  });
  const found = (await Promise.all(items.map(({ body }) => getDelivery(store, body.deliveryId)))).filter(
    (it) => it !== null,
  );
  const [only, ...others] = found.length > 1 ? found.filter((it) => !isFinal(it)) : found;
  if (!only && found.length === 0) throw notFound(`delivery of run '${correlationId}'`);
  if (!only || others.length > 0) {
    const ids = found.map((it) => it.deliveryId).join(', ');
    throw new ZektError(
      'ambiguous_correlation',
      `Run '${correlationId}' led to ${found.length} deliveries to this repository; name one as deliveryId: ${ids}.`,
    );
  }
  return only.deliveryId;
}

/** A consumer's own run that carries a delivery id in its `run-name`. */
export interface TrackWork {
  readonly deliveryId: string;
  readonly facts: RunFacts;
}

/** Takes the consumer's `workflow_run` webhooks as its report. */
export function track(store: DocumentStore, clock: Clock): Handler {
  return async ({ body }) => {
    const { deliveryId, facts } = body as TrackWork;
    const delivery = await getDelivery(store, deliveryId);
    if (delivery?.repositoryId !== facts.repositoryId) return done;
    const url = facts.htmlUrl === null ? {} : { runUrl: facts.htmlUrl };
    const report: Report =
      facts.status === 'completed'
        ? {
            kind: 'complete',
            success: facts.conclusion === 'success',
            conclusion: facts.conclusion ?? 'unknown',
            ...url,
          }
        : { kind: 'confirm', ...url };
    await record(store, deliveryId, report, clock.now());
    return done;
  };
}
