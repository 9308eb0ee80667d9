import { getRun, lanesOf, deliveryOf } from '../correlate/run-document.ts';
import { findDelivery, getDelivery, isFinal, type DeliveryDocument } from '../dispatch/delivery-document.ts';
import { writeOf } from '../dispatch/record.ts';
import { ZektError } from '../errors.ts';
import { correlationIdOf, deliveryPartition, repositoryIdOf, runKeyOf, type RepositoryRef } from '../identity/keys.ts';
import type { OpaqueIds } from '../identity/opaque.ts';
import { reports, type Listeners } from '../journal/append.ts';
import { journalEntry, type JournalEntry } from '../journal/entry.ts';
import type { Bus, Work } from '../ports/bus.ts';
import { commitDecided } from '../ports/commit-decided.ts';
import type { DocumentStore, Stored } from '../ports/document-store.ts';
import { afterReport, type Report } from './after-report.ts';

export interface TrackContext {
  readonly store: DocumentStore;
  readonly bus: Bus;
  readonly ids: OpaqueIds;
  readonly listeners: Listeners;
  /** Of the App's GitHub. */
  readonly issuer: string;
}

export interface DeliveryReference {
  readonly deliveryId?: string;
  readonly correlationId?: string;
}

/**
 * Takes a report of a consumer's workflow. Repeating it changes nothing.
 *
 * @param consumer the caller, from its verified token: other repositories' deliveries do not exist for it
 * @throws ZektError `not_found`, `unavailable` while the record of the dispatch is still being written, or `ambiguous_correlation` when the
 * run led to several deliveries to this repository
 */
export async function reportDelivery(
  context: TrackContext,
  consumer: RepositoryRef,
  reference: DeliveryReference,
  report: Report,
  nowMs: number,
): Promise<DeliveryDocument> {
  const { correlationId } = reference;
  const deliveryId = reference.deliveryId ?? (await onlyDeliveryOf(context, consumer, correlationId ?? ''));
  return commitDecided(context.bus, async () => {
    const found = await findDelivery(context.store, deliveryId);
    if (!found && context.ids.isGenuine(deliveryId))
      throw new ZektError('unavailable', 'The dispatch of this delivery is being recorded at this moment. Try again.', {
        retryAfterMs: 2000,
      });
    if (found?.body.consumer !== consumer) throw notFound(`delivery '${deliveryId}'`);
    // Behind an alias a run has no id for its consumers.
    const shown = found.body.alias === undefined ? correlationIdOf(found.body.run) : null;
    if (correlationId !== undefined && correlationId !== shown) throw notFound(`delivery '${deliveryId}' of this run`);
    const change = changeBy(context, found, report, nowMs);
    return { work: change, value: change?.next ?? found.body };
  });
}

/** What a report changes; null when it says nothing new. */
export function changeBy(
  { listeners }: Pick<TrackContext, 'listeners'>,
  found: Stored<DeliveryDocument>,
  report: Report,
  nowMs: number,
): (Work & { readonly next: DeliveryDocument }) | null {
  const next = afterReport(found.body, report, nowMs);
  if (!next) return null;
  return {
    batches: [{ partition: deliveryPartition(next.deliveryId), writes: [writeOf(found, next)] }],
    ...reports([entryOf(next, report)], listeners),
    next,
  };
}

function entryOf(delivery: DeliveryDocument, report: Report): JournalEntry {
  const { deliveryId, repository, eventType, service, subscription, run, consumer, updatedAt } = delivery;
  const what = report.kind === 'confirm' ? 'confirmed' : report.success ? 'completed' : 'failed';
  return journalEntry(`delivery.${what}`, updatedAt, {
    once: deliveryId,
    summary: `${repository} ${what} ${eventType}.`,
    deliveryId,
    correlationId: correlationIdOf(run),
    service,
    subscription,
    repositoryId: repositoryIdOf(run.repository),
    consumerRepositoryId: repositoryIdOf(consumer),
  });
}

const notFound = (what: string): ZektError =>
  new ZektError(
    'not_found',
    `There is no ${what} to this repository. The id is in client_payload._zekt of the dispatch.`,
  );

async function onlyDeliveryOf(
  { store, ids, issuer }: TrackContext,
  consumer: RepositoryRef,
  correlationId: string,
): Promise<string> {
  const run = runKeyOf(issuer, correlationId);
  const decided = run && (await getRun(store, run));
  if (!decided) throw notFound(`delivery of run '${correlationId}'`);
  const wanted: string[] = [];
  for await (const lane of lanesOf(store, decided.body)) {
    if (lane.consumer === consumer)
      wanted.push(...lane.items.map((item) => deliveryOf(ids, decided.body, lane, item).deliveryId));
  }
  const first = await existing(store, wanted);
  // What was sent again counts, too: it is the newer one.
  const replays = await existing(
    store,
    first.flatMap(({ replayedBy }) => [...replayedBy]),
  );
  const found = [...first, ...replays].filter(({ alias }) => alias === undefined);
  const [only, ...others] = found.length > 1 ? found.filter((it) => !isFinal(it)) : found;
  if (!only && found.length === 0) throw notFound(`delivery of run '${correlationId}'`);
  if (!only || others.length > 0) {
    const names = found.map((it) => it.deliveryId).join(', ');
    throw new ZektError(
      'ambiguous_correlation',
      `Run '${correlationId}' led to ${found.length} deliveries to this repository; name one as deliveryId: ${names}.`,
    );
  }
  return only.deliveryId;
}

async function existing(store: DocumentStore, deliveryIds: readonly string[]): Promise<DeliveryDocument[]> {
  const found = await Promise.all(deliveryIds.slice(0, 100).map((id) => getDelivery(store, id)));
  return found.filter((it) => it !== null);
}
