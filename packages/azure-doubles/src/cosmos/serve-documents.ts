import type { IncomingHttpHeaders } from 'node:http';
import { refused, type Answer } from './answer.ts';
import type { Collection, Operation } from './collection.ts';
import { badRequest, CosmosError } from './cosmos-error.ts';
import type { Document, Json, QueryRequest } from './query.ts';
import type { Reading } from './reading.ts';
import type { PartitionKey } from './rows.ts';
import { sessionToken } from './session-token.ts';

export interface DocumentsRequest {
  /** As the double tells them apart: `read`, `query`, `batch`… */
  readonly kind: string;
  readonly id: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Json | undefined;
  readonly reading: Reading;
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
  const withToken = (answer: Answer, range = partition && collection.rangeOf(partition)): Answer => {
    if (range === undefined) return answer;
    // A replica that is behind is where the session was; nobody knows more of it.
    const lsn = reading.missed > 0 ? (reading.session.get(range) ?? 0) : collection.reached(range);
    return { ...answer, headers: { ...answer.headers, 'x-ms-session-token': sessionToken(range, lsn) } };
  };
  try {
    if (request.kind !== 'query') return withToken(serveOthers(collection, partition, request));
    const { range, ...answer } = serveQuery(collection, partition, request);
    return withToken(answer, range);
  } catch (error) {
    if (error instanceof CosmosError) return withToken(refused(error));
    throw error;
  }
}

const pageSize = ({ headers }: DocumentsRequest): number => {
  const asked = Number(headers['x-ms-max-item-count'] ?? -1);
  return asked > 0 ? asked : 100;
};

function serveQuery(
  collection: Collection,
  partition: PartitionKey | undefined,
  request: DocumentsRequest,
): Answer & { range: string } {
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
    range: page.range,
  };
}

function serveOthers(collection: Collection, partition: PartitionKey | undefined, request: DocumentsRequest): Answer {
  const { kind, id, headers, body, reading } = request;
  if (kind === 'plan') return { status: 200, body: queryPlan };
  if (kind === 'feed') return serveFeed(collection, request);
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
  const { status, price, document } = collection.apply(partition, operation, reading);
  return { status, prices: [price], ...(document && { body: document }) };
}

function serveFeed(collection: Collection, request: DocumentsRequest): Answer {
  const from = request.headers['if-none-match'] ?? '"0"';
  const position = from === '*' ? collection.sequence : Number(from.replaceAll('"', ''));
  const changes = collection.changesAfter(position, pageSize(request));
  const next = { etag: `"${changes.position}"` };
  if (changes.items.length === 0) return { status: 304, headers: next };
  return { status: 200, body: { _rid: '', Documents: changes.items, _count: changes.items.length }, headers: next };
}
