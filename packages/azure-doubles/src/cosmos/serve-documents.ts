import type { IncomingHttpHeaders } from 'node:http';
import { refused, type Answer } from './answer.ts';
import type { Collection, Operation } from './collection.ts';
import { badRequest, CosmosError, tooManyRequests } from './cosmos-error.ts';
import type { Document, Json, QueryRequest } from './query.ts';
import type { PhysicalPartition } from './physical-partitions.ts';
import { asOf, type Reading } from './reading.ts';
import { feedPrice } from './request-charge.ts';
import type { PartitionKey } from './rows.ts';
import { sessionToken } from './session-token.ts';
import { spend, waitForUnits } from './throughput.ts';

export interface DocumentsRequest {
  /** As the double tells them apart: `read`, `query`, `batch`… */
  readonly kind: string;
  readonly id: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Json | undefined;
  readonly reading: Reading;
  /** Of each physical partition; null: any number. */
  readonly unitsPerSecond: number | null;
  readonly nowMs: number;
}

const queryPlan: Json = {
  partitionedQueryExecutionInfoVersion: 2,
  queryInfo: {
    distinctType: 'None',
    groupByExpressions: [],
    groupByAliases: [],
    groupByAliasToAggregateType: {},
    orderBy: [],
    orderByExpressions: [],
    aggregates: [],
    hasSelectValue: false,
    rewrittenQuery: '',
    hasNonStreamingOrderBy: false,
  },
  queryRanges: [{ min: '', max: 'FF', isMinInclusive: true, isMaxInclusive: false }],
};

const operationTypes: Readonly<Record<string, string>> = {
  read: 'Read',
  replace: 'Replace',
  delete: 'Delete',
  create: 'Create',
  upsert: 'Upsert',
};

/** Answers a request for documents of a container. Every answer, a refusal too, says how far its physical partition is. */
export function serveDocuments(collection: Collection, request: DocumentsRequest): Answer {
  const header = request.headers['x-ms-documentdb-partitionkey'];
  const partition = header === undefined ? undefined : (JSON.parse(String(header)) as PartitionKey);
  const { reading } = request;
  const withToken = (answer: Answer, place: PhysicalPartition | undefined): Answer => {
    if (!place) return answer;
    // A replica that is behind says how far it is, not how far others are.
    const lsn = isRead(request.kind) ? asOf(reading, place) : place.lsn;
    return { ...answer, headers: { ...answer.headers, 'x-ms-session-token': sessionToken(place.id, lsn) } };
  };
  const own = partition && collection.placeOf(partition);
  const waitMs = own ? waitForUnits(own, request.unitsPerSecond, request.nowMs) : null;
  try {
    if (waitMs !== null && request.kind !== 'plan') throw tooManyRequests(waitMs);
    const { place = own, ...answer } = serve(collection, partition, request);
    for (const { charge } of answer.prices ?? []) if (place) spend(place, charge, request.nowMs);
    // It may have split.
    return withToken(answer, partition ? collection.placeOf(partition) : place);
  } catch (error) {
    if (error instanceof CosmosError) return withToken(refused(error), own);
    throw error;
  }
}

export const isRead = (kind: string): boolean => kind === 'read' || kind === 'query' || kind === 'feed';

/** An answer, and the physical partition that it comes from where the request does not say so. */
type Served = Answer & { readonly place?: PhysicalPartition };

function serve(collection: Collection, partition: PartitionKey | undefined, request: DocumentsRequest): Served {
  if (request.kind === 'query') return serveQuery(collection, partition, request);
  if (request.kind === 'feed') return serveFeed(collection, request);
  return serveOthers(collection, partition, request);
}

const pageSize = ({ headers }: DocumentsRequest): number => {
  const asked = Number(headers['x-ms-max-item-count'] ?? -1);
  return asked > 0 ? asked : 100;
};

function serveQuery(collection: Collection, partition: PartitionKey | undefined, request: DocumentsRequest): Served {
  const { headers, body, reading } = request;
  const continuation = headers['x-ms-continuation']?.toString();
  const page = collection.query(partition, body as unknown as QueryRequest, {
    size: pageSize(request),
    continuation,
    reading,
  });
  return {
    status: 200,
    body: { _rid: '', Documents: [...page.items], _count: page.items.length },
    headers: page.next === null ? {} : { 'x-ms-continuation': page.next },
    prices: [page.price],
    place: page.place,
  };
}

function serveOthers(collection: Collection, partition: PartitionKey | undefined, request: DocumentsRequest): Answer {
  const { kind, id, headers, body, reading } = request;
  if (kind === 'plan') return { status: 200, body: queryPlan };
  if (kind === 'batch') {
    if (headers['x-ms-cosmos-batch-atomic'] !== 'true') throw badRequest('The double does only atomic batches.');
    const { status, results, prices } = collection.batch(partition, body as unknown as Operation[]);
    return { status, body: results, prices };
  }
  const operation: Operation = {
    operationType: operationTypes[kind] ?? kind,
    ...(id !== undefined && { id }),
    ...(body !== undefined && { resourceBody: body as Document }),
    ifMatch: headers['if-match'],
    ifNoneMatch: headers['if-none-match'],
  };
  const { status, price, document } = collection.applyAlone(partition, operation, reading);
  return { status, prices: [price], ...(document && { body: document }) };
}

function serveFeed(collection: Collection, request: DocumentsRequest): Served {
  const { headers, reading } = request;
  const range = headers['x-ms-documentdb-partitionkeyrangeid']?.toString();
  if (range === undefined) throw badRequest('The double reads the change feed of one partition key range at a time.');
  const from = headers['if-none-match'] ?? '"0"';
  const changes = collection.changesAfter(range, from === '*' ? 'now' : Number(from.replaceAll('"', '')), {
    size: pageSize(request),
    reading,
  });
  const { items, position, place } = changes;
  const next = { etag: `"${position}"` };
  if (items.length === 0) return { status: 304, headers: next, prices: [feedPrice(0)], place };
  const body = { _rid: '', Documents: items, _count: items.length };
  return { status: 200, body, headers: next, prices: [feedPrice(Buffer.byteLength(JSON.stringify(items)))], place };
}
