import { randomBytes, randomUUID } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { requireKey, segmentsOf } from './authorization.ts';
import { Collection, type CollectionDefinition, type Operation, type PartitionKey } from './collection.ts';
import { badRequest, conflict, CosmosError, notFound } from './cosmos-error.ts';
import type { Document, Json, QueryRequest } from './query.ts';

export interface CosmosRequest {
  readonly method: string;
  /** Like `/dbs/zekt/colls/state/docs`. */
  readonly path: string;
  /** `read`, `query`, `batch`, `feed`, `create`… */
  readonly kind: string;
}

/** What a fault hook may do to a request: answer it with a refusal, or cut the connection before or after the work is done. */
export type CosmosFault =
  | { readonly kind: 'refuse'; readonly status: number; readonly retryAfterMs?: number }
  | { readonly kind: 'cut'; readonly when: 'before' | 'after' };

export interface CosmosDoubleOptions {
  /** Milliseconds since the epoch. Default: the system's. */
  readonly now?: () => number;
  /** Base64. Default: a random one. */
  readonly key?: string;
  readonly port?: number;
}

interface Answer {
  readonly status: number;
  readonly body?: Json;
  readonly headers?: Readonly<Record<string, string>>;
  readonly charge?: number;
}

const stubPlan: Json = {
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

/**
 * Cosmos DB (NoSQL, gateway mode) on loopback, in memory, for the real @azure/cosmos: what Zekt uses of it, and a refusal of the rest.
 * One physical partition; no throughput limits but those that a fault hook plays.
 */
export class CosmosDouble {
  readonly key: string;
  /** Asked before each request to a container's documents. */
  fault: (request: CosmosRequest) => CosmosFault | undefined = () => undefined;
  /** Requests served and request units charged, by kind. */
  readonly served = new Map<string, { count: number; charge: number }>();
  readonly #server: Server;
  readonly #now: () => number;
  readonly #databases = new Map<string, Map<string, Collection>>();

  private constructor({ now = Date.now, key = randomBytes(64).toString('base64') }: CosmosDoubleOptions) {
    this.key = key;
    this.#now = now;
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { pathname } = new URL(request.url ?? '/', 'http://double');
        this.#serve(request.method ?? 'GET', pathname, request.headers, Buffer.concat(chunks).toString(), response);
      });
    });
  }

  static async start(options: CosmosDoubleOptions = {}): Promise<CosmosDouble> {
    const double = new CosmosDouble(options);
    await new Promise<void>((resolve) => double.#server.listen(options.port ?? 0, '127.0.0.1', resolve));
    return double;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(method: string, path: string, headers: IncomingHttpHeaders, text: string, response: ServerResponse): void {
    const kind = kindOf(method, segmentsOf(path), headers);
    const fault = path.includes('/docs') ? this.fault({ method, path, kind }) : undefined;
    if (fault?.kind === 'cut' && fault.when === 'before') {
      response.destroy();
      return;
    }
    const answer = fault?.kind === 'refuse' ? refusal(fault) : this.#answer(method, path, kind, headers, text);
    if (fault?.kind === 'cut') {
      response.destroy();
      return;
    }
    const served = this.served.get(kind) ?? { count: 0, charge: 0 };
    const charge = answer.charge ?? 1;
    this.served.set(kind, { count: served.count + 1, charge: served.charge + charge });
    const etag =
      answer.body !== null && typeof answer.body === 'object' && '_etag' in answer.body ? answer.body._etag : undefined;
    response.writeHead(answer.status, {
      'content-type': 'application/json',
      'x-ms-request-charge': charge.toFixed(2),
      'x-ms-activity-id': randomUUID(),
      'x-ms-session-token': '0:0#1#0=1',
      ...(typeof etag === 'string' && { etag }),
      ...answer.headers,
    });
    response.end(answer.body === undefined ? '' : JSON.stringify(answer.body));
  }

  #answer(method: string, path: string, kind: string, headers: IncomingHttpHeaders, text: string): Answer {
    try {
      requireKey(this.key, {
        method,
        path,
        date: String(headers['x-ms-date'] ?? ''),
        authorization: headers.authorization ?? '',
      });
      return this.#route(method, segmentsOf(path), kind, headers, text === '' ? undefined : (JSON.parse(text) as Json));
    } catch (error) {
      if (!(error instanceof CosmosError)) throw error;
      return {
        status: error.status,
        body: { code: error.code, message: error.message },
        ...(error.subStatus !== undefined && { headers: { 'x-ms-substatus': String(error.subStatus) } }),
      };
    }
  }

  #route(
    method: string,
    segments: readonly string[],
    kind: string,
    headers: IncomingHttpHeaders,
    body: Json | undefined,
  ): Answer {
    const [root, database = '', area, collectionId = '', leaf, id] = segments;
    if (root === undefined) return { status: 200, body: account(String(headers.host)) };
    if (root !== 'dbs') throw badRequest(`The double has no ${root}.`);
    if (segments.length === 1) return this.#createDatabase(method, body);
    const collections = this.#databases.get(database);
    if (!collections) throw notFound();
    if (area === undefined) return { status: 200, body: { id: database, _self: `dbs/${database}/` } };
    if (segments.length === 3) return this.#createCollection(method, database, collections, body);
    const collection = collections.get(collectionId);
    if (!collection) throw notFound();
    if (leaf === undefined) return { status: 200, body: collection.meta };
    if (leaf === 'pkranges') return ranges();
    if (leaf !== 'docs') throw badRequest(`The double has no ${leaf}.`);
    return serveDocuments(collection, kind, id, headers, body);
  }

  #createDatabase(method: string, body: Json | undefined): Answer {
    const id = nameIn(method, body);
    if (this.#databases.has(id)) throw conflict();
    this.#databases.set(id, new Map());
    return { status: 201, body: { id, _self: `dbs/${id}/` } };
  }

  #createCollection(
    method: string,
    database: string,
    collections: Map<string, Collection>,
    body: Json | undefined,
  ): Answer {
    const id = nameIn(method, body);
    if (collections.has(id)) throw conflict();
    const definition = body as unknown as CollectionDefinition;
    const collection = new Collection(definition, `dbs/${database}/colls/${id}/`, this.#now);
    collections.set(id, collection);
    return { status: 201, body: collection.meta };
  }
}

function serveDocuments(
  collection: Collection,
  kind: string,
  id: string | undefined,
  headers: IncomingHttpHeaders,
  body: Json | undefined,
): Answer {
  const header = headers['x-ms-documentdb-partitionkey'];
  const partition = header === undefined ? undefined : (JSON.parse(String(header)) as PartitionKey);
  const asked = Number(headers['x-ms-max-item-count'] ?? -1);
  const size = asked > 0 ? asked : 100;
  switch (kind) {
    case 'plan':
      return { status: 200, body: stubPlan };
    case 'batch': {
      if (headers['x-ms-cosmos-batch-atomic'] !== 'true') throw badRequest('The double does only atomic batches.');
      const { status, results } = collection.batch(partition, body as unknown as Operation[]);
      return {
        status,
        body: results,
        charge: results.reduce((sum, { requestCharge }) => sum + Number(requestCharge), 0),
      };
    }
    case 'query': {
      const continuation = headers['x-ms-continuation'];
      const page = collection.query(
        partition,
        body as unknown as QueryRequest,
        size,
        continuation === undefined ? undefined : String(continuation),
      );
      return {
        status: 200,
        body: { _rid: '', Documents: [...page.items], _count: page.items.length },
        headers: page.next === null ? {} : { 'x-ms-continuation': page.next },
        charge: page.charge,
      };
    }
    case 'feed': {
      const from = headers['if-none-match'] ?? '"0"';
      const position = from === '*' ? collection.sequence : Number(from.replaceAll('"', ''));
      const changes = collection.changesAfter(position, size);
      const next = { etag: `"${changes.position}"` };
      if (changes.items.length === 0) return { status: 304, headers: next };
      return { status: 200, body: { _rid: '', Documents: changes.items, _count: changes.items.length }, headers: next };
    }
    default: {
      const operationType = { read: 'Read', replace: 'Replace', delete: 'Delete', create: 'Create', upsert: 'Upsert' }[
        kind
      ];
      const result = collection.apply(partition, {
        operationType: operationType ?? kind,
        ...(id !== undefined && { id }),
        ...(body !== undefined && { resourceBody: body as Document }),
        ifMatch: headers['if-match'],
        ifNoneMatch: headers['if-none-match'],
      });
      return { status: result.status, charge: result.charge, ...(result.document && { body: result.document }) };
    }
  }
}

/** POST to `/docs` is five things, told apart by headers. */
function kindOf(method: string, segments: readonly string[], headers: IncomingHttpHeaders): string {
  if (segments[4] !== 'docs') return 'meta';
  if (segments.length === 6) return { GET: 'read', PUT: 'replace', DELETE: 'delete' }[method] ?? method;
  if (method === 'GET') return headers['a-im'] === undefined ? 'list' : 'feed';
  if (headers['x-ms-cosmos-is-query-plan-request'] !== undefined) return 'plan';
  if (headers['x-ms-cosmos-is-batch-request'] !== undefined) return 'batch';
  if (headers['x-ms-documentdb-isquery'] === 'true') return 'query';
  return headers['x-ms-documentdb-is-upsert'] === 'true' ? 'upsert' : 'create';
}

function nameIn(method: string, body: Json | undefined): string {
  const id = body !== null && typeof body === 'object' && 'id' in body ? body.id : undefined;
  if (method !== 'POST' || typeof id !== 'string') throw badRequest('The double only creates here, by id.');
  return id;
}

function refusal({ status, retryAfterMs }: { status: number; retryAfterMs?: number }): Answer {
  return {
    status,
    body: { code: String(status), message: 'A fault that a test asked for.' },
    ...(retryAfterMs !== undefined && { headers: { 'x-ms-retry-after-ms': String(retryAfterMs) } }),
    charge: 0,
  };
}

const account = (host: string): Json => {
  const here = [{ name: 'Local', databaseAccountEndpoint: `http://${host}/` }];
  return {
    id: 'double',
    writableLocations: here,
    readableLocations: here,
    enableMultipleWriteLocations: false,
    userConsistencyPolicy: { defaultConsistencyLevel: 'Session' },
    userReplicationPolicy: { minReplicaSetSize: 1, maxReplicasetSize: 1 },
    queryEngineConfiguration: '{}',
  };
};

const ranges = (): Answer => ({
  status: 200,
  body: {
    _rid: 'double',
    PartitionKeyRanges: [
      {
        id: '0',
        minInclusive: '',
        maxExclusive: 'FF',
        ridPrefix: 0,
        throughputFraction: 1,
        status: 'online',
        parents: [],
      },
    ],
    _count: 1,
  },
  headers: { etag: '"1"' },
});
