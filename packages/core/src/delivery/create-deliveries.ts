import type { PlannedDelivery } from '../correlation/plan.ts';
import { getRepository } from '../directory/repository.ts';
import { runPartition } from '../identity/run-key.ts';
import type { BusMessage } from '../ports/bus.ts';
import { maxBatchWrites, type DocumentStore, type Write } from '../ports/document-store.ts';
import type { RunFacts } from '../ports/github.ts';
import { connectionTimeline, deliveryTimeline, historyMs, timelineEntry } from '../timeline.ts';
import { deliveryExpiry, deliveryPartition, runDeliveryPrefix, type DeliveryDocument } from './delivery-document.ts';
import type { DispatchWork } from './dispatch.ts';

export interface NewDeliveries {
  readonly correlationId: string;
  readonly facts: RunFacts;
  readonly workflow: string;
  readonly service: string;
  /** Public name of a service behind an alias; null: nothing is hidden. */
  readonly alias: string | null;
  readonly planned: readonly PlannedDelivery[];
  /** Same value for the same run, so that repeating writes the same entries (ms). */
  readonly atMs: number;
}

/** Commits under way at the same time. */
const lanesAtOnce = 100;

/** What every new delivery starts with. */
export const unsent = {
  state: 'pending',
  attempts: [],
  failures: 0,
  limits: 0,
  sent: 0,
  nextAttemptAt: null,
  dispatchedAt: null,
  confirmedAt: null,
  completedAt: null,
  confirmations: 0,
  consumerConclusion: null,
  consumerMessage: null,
  consumerRunUrl: null,
  replayedBy: [],
  reason: null,
} as const satisfies Partial<DeliveryDocument>;

/**
 * Writes deliveries and the bus messages that send them. Safe to repeat: a delivery that exists is left as it is.
 *
 * Lists that point to deliveries are written first; a crash in between leaves pointers to nothing, which readers skip.
 */
export async function createDeliveries(store: DocumentStore, batch: NewDeliveries): Promise<void> {
  const documents = batch.planned.map((planned) => documentOf(batch, planned));
  if (documents.length === 0) return;
  await writePointers(store, documents);
  const sessions = await dispatchSessions(store, documents);
  // One after the other for each subscription: the second must not be on its way while the first may still be missing.
  const lanes = [...Map.groupBy(documents, ({ subscription }) => subscription).values()];
  for (let start = 0; start < lanes.length; start += lanesAtOnce) {
    await Promise.all(
      lanes.slice(start, start + lanesAtOnce).map(async (lane) => {
        for (const document of lane) {
          await createDelivery(store, document, sessions.get(document.repositoryId) ?? document.repositoryId);
        }
      }),
    );
  }
}

/** Creates one delivery with the message that sends it; false when it exists. */
export async function createDelivery(
  store: DocumentStore,
  document: DeliveryDocument,
  session: string,
  messages: readonly BusMessage[] = [],
): Promise<boolean> {
  const { deliveryId } = document;
  const result = await store.commit({
    partition: deliveryPartition(deliveryId),
    writes: [{ kind: 'create', id: 'delivery', body: document, expiresAt: deliveryExpiry(document.createdAt) }],
    messages: [dispatchMessage(deliveryId, session), ...messages],
  });
  return result.committed;
}

/** The message that sends a delivery; `occasion` tells a later sending from the first, which may still be in the queue. */
export function dispatchMessage(deliveryId: string, session: string, occasion = 'first'): BusMessage {
  const body: DispatchWork = { deliveryId };
  return { queue: 'dispatch', id: `dispatch:${deliveryId}:${occasion}`, session, body };
}

/** One session per installation, so that GitHub sees one writer for each; a repository without one has a session of its own. */
export async function dispatchSessions(
  store: DocumentStore,
  documents: readonly DeliveryDocument[],
): Promise<Map<string, string>> {
  const ids = [...new Set(documents.map(({ repositoryId }) => repositoryId))];
  const sessions = ids.map(async (id): Promise<[string, string]> => {
    const installationId = (await getRepository(store, id))?.installationId ?? null;
    return [id, installationId === null ? `repository:${id}` : `installation:${installationId}`];
  });
  return new Map(await Promise.all(sessions));
}

export async function writePointers(store: DocumentStore, documents: readonly DeliveryDocument[]): Promise<void> {
  const byPartition = new Map<string, Write[]>();
  const add = (partition: string, id: string, body: object, expiresAt: number): void => {
    const writes = byPartition.get(partition) ?? [];
    writes.push({ kind: 'put', id, body, expiresAt });
    byPartition.set(partition, writes);
  };
  for (const { deliveryId, correlationId, repositoryId, subscription, createdAt } of documents) {
    const pointer = { deliveryId };
    add(runPartition(correlationId), `${runDeliveryPrefix(repositoryId)}${deliveryId}`, pointer, createdAt + historyMs);
    for (const timeline of [deliveryTimeline, connectionTimeline(subscription)]) {
      const { partition, id, expiresAt } = timelineEntry(timeline, createdAt, deliveryId);
      add(partition, id, pointer, expiresAt);
    }
  }
  const commits = [...byPartition].flatMap(([partition, writes]) => {
    const batches: Promise<unknown>[] = [];
    for (let start = 0; start < writes.length; start += maxBatchWrites) {
      batches.push(store.commit({ partition, writes: writes.slice(start, start + maxBatchWrites) }));
    }
    return batches;
  });
  await Promise.all(commits);
}

function documentOf(
  { correlationId, facts, workflow, service, alias, atMs }: NewDeliveries,
  planned: PlannedDelivery,
): DeliveryDocument {
  const { deliveryId, item, eventType, subscription, after } = planned;
  return {
    deliveryId,
    correlationId,
    item: item.key,
    eventId: item.eventId,
    eventType,
    service,
    subscription: subscription.name,
    repositoryId: subscription.repositoryId,
    repository: subscription.repository,
    run: facts,
    workflow,
    durable: subscription.durable,
    ...(alias !== null && { alias }),
    after,
    createdAt: atMs,
    replayOf: null,
    ...unsent,
  };
}
