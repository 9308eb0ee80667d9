import type { Aggregate, DocumentStore, Stored, Writes } from '@zekt/core';
import { aggregateDocumentId, aggregatePartition, keptDays } from '../keys.ts';
import type { AggregateDocument } from './aggregate-document.ts';

const dayMs = 86_400_000;

export const readAggregate = (
  store: Pick<DocumentStore, 'get'>,
  aggregate: Aggregate,
): Promise<Stored<AggregateDocument> | null> =>
  store.get<AggregateDocument>(aggregatePartition(aggregate), aggregateDocumentId);

/** Writes where nobody else did since it was read. */
export function aggregateWrites(
  body: AggregateDocument,
  seen: Stored<AggregateDocument> | null,
  nowMs: number,
): Writes {
  const common = { id: aggregateDocumentId, body, expiresAt: nowMs + keptDays * dayMs };
  return {
    partition: aggregatePartition(body.aggregate),
    writes: [seen ? { kind: 'replace', etag: seen.etag, ...common } : { kind: 'create', ...common }],
  };
}
