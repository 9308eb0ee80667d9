import type { SendWork } from '../hints.ts';
import {
  correlationIdOf,
  deliveryDocumentId,
  deliveryPartition,
  heldDocumentId,
  installationPartition,
  paceDocumentId,
  repositoryIdOf,
} from '../identity/keys.ts';
import { reports } from '../journal/append.ts';
import { journalEntry, type JournalEntry } from '../journal/entry.ts';
import { connectionTimeline, timelineEntry } from '../journal/timeline.ts';
import { complete, type Outcome, type Writes } from '../ports/bus.ts';
import type { Stored, Write } from '../ports/document-store.ts';
import type { Place } from './claim.ts';
import type { DispatchContext } from './context.ts';
import {
  deliveryExpiry,
  findDelivery,
  isUnsent,
  type DeliveryDocument,
  type DeliveryPointer,
} from './delivery-document.ts';
import { putAside } from './hold.ts';

/** What came of a delivery. */
export interface Result {
  readonly work: SendWork;
  /** The delivery as it was looked at. */
  readonly delivery: DeliveryDocument;
  readonly place: Place | null;
  /** What becomes of it. Asked again on the delivery as it is then, when somebody else has written meanwhile. */
  readonly next: (current: DeliveryDocument) => DeliveryDocument;
}

/** Writes what came of a delivery, once, with everything that follows from it. */
export async function record(context: DispatchContext, result: Result): Promise<Outcome> {
  const { store, clock, pace } = context;
  const { work, place } = result;
  const found = await findDelivery(store, work.deliveryId);
  // The consumer's own report may have come before this record: it is the better proof.
  if (found && !isUnsent(found.body)) return followUp(context, found.body);
  const current = found?.body ?? result.delivery;
  const next = result.next(current);
  const nowMs = clock.now();
  const batches: Writes[] = [];
  if (next.state === 'held' && place) {
    const aside = await putAside(store, place, next, work);
    if (!aside) return { settlement: { settle: 'again', at: nowMs, body: work } };
    batches.push(aside);
  }
  batches.push({ partition: deliveryPartition(next.deliveryId), writes: [writeOf(found, next)] });
  if (!found) batches.push(connectionEntry(next));
  if (place) {
    const writes = installationWrites(current, next, pace.worthKeeping(place.installationId));
    if (writes.length > 0) batches.push({ partition: installationPartition(place.installationId), writes });
  }
  const { slot: _, behind: __, ...rest } = work;
  return {
    batches,
    ...reports(entriesOf(next), context.listeners),
    settlement:
      next.nextAttemptAt === null
        ? complete
        : { settle: 'again', at: next.nextAttemptAt, body: rest satisfies SendWork },
  };
}

/** What goes with a delivery that was written before: done again, since a crash may have come in between. It changes nothing else. */
export function followUp({ listeners }: Pick<DispatchContext, 'listeners'>, delivery: DeliveryDocument): Outcome {
  return {
    batches: [connectionEntry(delivery)],
    ...reports(entriesOf(delivery), listeners),
    settlement: complete,
  };
}

export function writeOf(found: Stored<DeliveryDocument> | null, body: DeliveryDocument): Write {
  const common = { id: deliveryDocumentId, body, expiresAt: deliveryExpiry(body.createdAt) };
  return found ? { kind: 'replace', etag: found.etag, ...common } : { kind: 'create', ...common };
}

/** The delivery in the list of its subscription. */
export function connectionEntry({ deliveryId, subscriptionId, createdAt }: DeliveryDocument): Writes {
  const { partition, id, expiresAt } = timelineEntry(connectionTimeline(subscriptionId), createdAt, deliveryId);
  return { partition, writes: [{ kind: 'put', id, body: { deliveryId } satisfies DeliveryPointer, expiresAt }] };
}

/** It was put aside, and is not any more; and how soon the installation may be written to. */
function installationWrites(current: DeliveryDocument, next: DeliveryDocument, kept: object | null): Write[] {
  return [
    ...(current.state === 'held' && next.state !== 'held'
      ? [{ kind: 'delete' as const, id: heldDocumentId(next.deliveryId) }]
      : []),
    ...(kept ? [{ kind: 'put' as const, id: paceDocumentId, body: kept }] : []),
  ];
}

const summaries = {
  dispatched: ({ eventType, repository }: DeliveryDocument) => `${eventType} was dispatched to ${repository}.`,
  deadlettered: ({ eventType, repository, reason }: DeliveryDocument) =>
    `${eventType} to ${repository} was given up: ${reason ?? ''}`,
  held: ({ eventType, repository }: DeliveryDocument) =>
    `${eventType} to ${repository} waits: the installation is suspended.`,
  cancelled: ({ eventType, repository, reason }: DeliveryDocument) =>
    `${eventType} to ${repository} was not sent: ${reason ?? ''}`,
};

const isReported = (state: DeliveryDocument['state']): state is keyof typeof summaries => state in summaries;

function entriesOf(delivery: DeliveryDocument): JournalEntry[] {
  const { deliveryId, state, reason, sent, updatedAt, run, eventId, service, subscription, consumer } = delivery;
  if (!isReported(state)) return [];
  return [
    journalEntry(`delivery.${state}`, updatedAt, {
      once: `${deliveryId}:${sent}`,
      summary: summaries[state](delivery),
      deliveryId,
      correlationId: correlationIdOf(run),
      eventId,
      service,
      subscription,
      repositoryId: repositoryIdOf(run.repository),
      consumerRepositoryId: repositoryIdOf(consumer),
      ...(reason !== null && { reason }),
    }),
  ];
}
