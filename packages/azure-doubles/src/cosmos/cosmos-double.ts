import { createHash, randomBytes, randomUUID } from 'node:crypto';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { EntraDoor } from '../identity/entra-door.ts';
import { requireKey, requireToken, segmentsOf } from './authorization.ts';
import { refused, type Answer } from './answer.ts';
import { Collection, type CollectionDefinition } from './collection.ts';
import { badRequest, conflict, CosmosError, notFound } from './cosmos-error.ts';
import type { Json } from './query.ts';
import type { Reading } from './reading.ts';
import type { Priced } from './request-charge.ts';
import { isRead, serveDocuments } from './serve-documents.ts';
import { parseSessionToken } from './session-token.ts';

export interface CosmosRequest {
  readonly method: string;
  /** Like `/dbs/zekt/colls/state/docs`. */
  readonly path: string;
  /** `read`, `query`, `batch`, `feed`, `create`… */
  readonly kind: string;
}

export interface CosmosAnswer {
  readonly status: number;
  readonly subStatus: string | undefined;
  readonly retryAfterMs: number | undefined;
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
  /** Physical partitions of each container at the start. @default 1 */
  readonly partitionCount?: number;
  /** A physical partition splits after so many changes, and its children after twice as many, up to eight. @default Infinity */
  readonly splitAfter?: number;
  /** A second door, for Entra tokens, over TLS: the SDK sends a token nowhere else. */
  readonly entra?: EntraDoor;
}

type Scheme = 'http' | 'https';

interface WireRequest {
  readonly scheme: Scheme;
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/**
 * Cosmos DB (NoSQL, gateway mode) on loopback, in memory, for the real @azure/cosmos: what Zekt uses of it, and a refusal of the rest.
 * Consistency is Session: a write is seen by who carries its session token, and by others unless `lag` says that they read from a replica
 * which has not got it yet.
 */
export class CosmosDouble {
  readonly key: string;
  /** Asked before each request to a container's documents. */
  fault: (request: CosmosRequest) => CosmosFault | undefined = () => undefined;
  /**
   * By how many operations the replica is behind that answers a read, a query, or for the change feed. Null, the default: none is, and no
   * versions are kept for it.
   */
  lag: ((request: CosmosRequest) => number) | null = null;
  /** No replica is behind for longer, by the double's clock. */
  staleForMs = Infinity;
  /** Request units that each physical partition has a second; what comes beyond them is refused with 429 until the next. Null: any number. */
  unitsPerSecond: number | null = null;
  /** Told of each answer, before it goes out. */
  onAnswer: (answer: CosmosAnswer) => void = () => undefined;
  /** Documents that were shown as they were before their last write. */
  staleAnswers = 0;
  /** Requests served and request units charged, by kind. */
  readonly served = new Map<string, { count: number; charge: number }>();
  /** The same by what was done to documents, wherever it was in a batch. */
  readonly operations = new Map<string, { count: number; charge: number; uniformCharge: number }>();
  readonly #options: CosmosDoubleOptions;
  readonly #server: Server;
  /** The door for tokens. */
  readonly #secureServer: Server | null;
  readonly #now: () => number;
  readonly #databases = new Map<string, Map<string, Collection>>();

  private constructor(options: CosmosDoubleOptions) {
    const { now = Date.now, key = randomBytes(64).toString('base64') } = options;
    this.key = key;
    this.#options = options;
    this.#now = now;
    const serve =
      (scheme: Scheme) =>
      (request: IncomingMessage, response: ServerResponse): void => {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () => {
          const { pathname: path } = new URL(request.url ?? '/', 'http://double');
          const { method = 'GET', headers } = request;
          this.#serve({ scheme, method, path, headers, text: Buffer.concat(chunks).toString() }, response);
        });
      };
    this.#server = createServer(serve('http'));
    this.#secureServer = options.entra ? createSecureServer(options.entra, serve('https')) : null;
  }

  static async start(options: CosmosDoubleOptions = {}): Promise<CosmosDouble> {
    const double = new CosmosDouble(options);
    await new Promise<void>((resolve) => double.#server.listen(options.port ?? 0, '127.0.0.1', resolve));
    await new Promise<void>((resolve) => {
      if (double.#secureServer) double.#secureServer.listen(0, '127.0.0.1', resolve);
      else resolve();
    });
    return double;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  /** Where tokens are taken. */
  get secureEndpoint(): string {
    if (!this.#secureServer) throw new Error('The double was started without a door for tokens.');
    return `https://127.0.0.1:${(this.#secureServer.address() as AddressInfo).port}/`;
  }

  async stop(): Promise<void> {
    for (const server of [this.#server, ...(this.#secureServer ? [this.#secureServer] : [])]) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  /** How many physical partitions a container has. */
  physicalPartitions(database: string, container: string): number {
    return this.#databases.get(database)?.get(container)?.physical.count ?? 0;
  }

  /** The physical partitions of every container split, each into two. */
  split(): void {
    for (const collections of this.#databases.values())
      for (const { physical } of collections.values()) physical.splitAll();
  }

  #serve(request: WireRequest, response: ServerResponse): void {
    const { method, path, headers } = request;
    const kind = kindOf(method, segmentsOf(path), headers);
    const fault = path.includes('/docs') ? this.fault({ method, path, kind }) : undefined;
    if (fault?.kind === 'cut' && fault.when === 'before') {
      response.destroy();
      return;
    }
    const answer = fault?.kind === 'refuse' ? refusal(fault) : this.#answer(request, kind);
    if (fault?.kind === 'cut') {
      response.destroy();
      return;
    }
    const { 'x-ms-substatus': subStatus, 'x-ms-retry-after-ms': retryAfter } = answer.headers ?? {};
    const retryAfterMs = retryAfter === undefined ? undefined : Number(retryAfter);
    this.onAnswer({ status: answer.status, subStatus, retryAfterMs });
    const charge = this.#count(kind, answer.prices ?? [{ kind, charge: 1, uniformCharge: 1 }]);
    const etag =
      answer.body !== null && typeof answer.body === 'object' && '_etag' in answer.body ? answer.body._etag : undefined;
    response.writeHead(answer.status, {
      'content-type': 'application/json',
      'x-ms-request-charge': charge.toFixed(2),
      'x-ms-activity-id': randomUUID(),
      ...(typeof etag === 'string' && { etag }),
      ...answer.headers,
    });
    response.end(answer.body === undefined ? '' : JSON.stringify(answer.body));
  }

  /** @returns the charge of all of it */
  #count(kind: string, prices: readonly Priced[]): number {
    const total = prices.reduce((sum, { charge }) => sum + charge, 0);
    const served = this.served.get(kind) ?? { count: 0, charge: 0 };
    this.served.set(kind, { count: served.count + 1, charge: served.charge + total });
    for (const { kind: operation, charge, uniformCharge } of prices) {
      const known = this.operations.get(operation) ?? { count: 0, charge: 0, uniformCharge: 0 };
      this.operations.set(operation, {
        count: known.count + 1,
        charge: known.charge + charge,
        uniformCharge: known.uniformCharge + uniformCharge,
      });
    }
    return total;
  }

  #answer(request: WireRequest, kind: string): Answer {
    const { scheme, method, path, headers, text } = request;
    try {
      const authorization = {
        method,
        path,
        date: String(headers['x-ms-date'] ?? ''),
        authorization: headers.authorization ?? '',
      };
      const { entra } = this.#options;
      if (scheme === 'http' || !entra) requireKey(this.key, authorization);
      else requireToken(entra, `https://${headers.host ?? ''}`, authorization);
      return this.#route(request, kind, text === '' ? undefined : (JSON.parse(text) as Json));
    } catch (error) {
      if (!(error instanceof CosmosError)) throw error;
      return refused(error);
    }
  }

  #route({ scheme, method, path, headers }: WireRequest, kind: string, body: Json | undefined): Answer {
    const segments = segmentsOf(path);
    const [root, database = '', area, collectionId = '', leaf, id] = segments;
    if (root === undefined) return { status: 200, body: account(`${scheme}://${headers.host ?? ''}/`) };
    if (root !== 'dbs') throw badRequest(`The double has no ${root}.`);
    if (segments.length === 1) return this.#createDatabase(method, body);
    const collections = this.#databases.get(database);
    if (!collections) throw notFound();
    if (area === undefined) return { status: 200, body: { id: database, _self: `dbs/${database}/` } };
    if (segments.length === 3) return this.#createCollection(method, database, collections, body);
    const collection = collections.get(collectionId);
    if (!collection) throw notFound();
    if (leaf === undefined) return { status: 200, body: collection.meta };
    if (leaf === 'pkranges') return { status: 200, body: collection.physical.describe(), headers: { etag: '"1"' } };
    if (leaf !== 'docs') throw badRequest(`The double has no ${leaf}.`);
    const request: CosmosRequest = { method, path: `/${segments.join('/')}`, kind };
    const reading: Reading = {
      lag: isRead(kind) ? (this.lag?.(request) ?? 0) : 0,
      session: parseSessionToken(headers['x-ms-session-token']?.toString()),
      missed: 0,
    };
    const answer = serveDocuments(collection, {
      kind,
      id,
      headers,
      body,
      reading,
      unitsPerSecond: this.unitsPerSecond,
      nowMs: this.#now(),
    });
    this.staleAnswers += reading.missed;
    return { ...answer, headers: { ...answer.headers, ...ownerOf(database, collectionId) } };
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
    const collection = new Collection(definition, `dbs/${database}/colls/${id}/`, {
      now: this.#now,
      partitionCount: this.#options.partitionCount ?? 1,
      splitAfter: this.#options.splitAfter ?? Infinity,
      keepsVersions: () => this.lag !== null,
      staleForMs: () => this.staleForMs,
    });
    collections.set(id, collection);
    return { status: 201, body: collection.meta };
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
    prices: [],
  };
}

/** Whose session a token belongs to: the SDK remembers it by a name and an id of eight bytes. */
const ownerOf = (database: string, collection: string): Record<string, string> => ({
  'x-ms-alt-content-path': `dbs/${database}/colls/${collection}`,
  'x-ms-content-path': createHash('sha256')
    .update(`${database}/${collection}`)
    .digest()
    .subarray(0, 8)
    .toString('base64'),
});

const account = (url: string): Json => {
  const here = [{ name: 'Local', databaseAccountEndpoint: url }];
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
