import { randomUUID } from 'node:crypto';
import { badRequest, conflict, CosmosError, notFound, preconditionFailed, tooLarge } from './cosmos-error.ts';
import { at, parseQuery, runQuery, type Document, type Json, type QueryRequest } from './query.ts';
import { queryCharge, readCharge, writeCharge } from './request-charge.ts';

export type PartitionKey = readonly Json[];

export interface CollectionDefinition {
  readonly id: string;
  readonly partitionKey: { readonly paths: readonly string[] };
  readonly defaultTtl?: number;
  readonly indexingPolicy?: {
    readonly includedPaths?: readonly { readonly path: string }[];
    readonly excludedPaths?: readonly { readonly path: string }[];
  };
}

export interface Operation {
  readonly operationType: string;
  readonly id?: string;
  readonly resourceBody?: Document;
  readonly ifMatch?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
}

export interface OperationResult {
  readonly status: number;
  readonly document?: Document;
  readonly charge: number;
}

interface Row {
  readonly document: Document;
  readonly partition: PartitionKey;
  /** Grows with every change of the collection. */
  readonly sequence: number;
}

export interface FeedPage {
  readonly items: readonly Json[];
  readonly next: string | null;
  readonly charge: number;
}

const maxItemBytes = 2 * 1024 * 1024;
export const maxBatchOperations = 100;
const text = (value: Json | undefined): string => (typeof value === 'string' ? value : JSON.stringify(value ?? ''));
const sizeOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
const newEtag = (): string => `"${randomUUID()}"`;

/** The documents of one container. */
export class Collection {
  readonly definition: CollectionDefinition;
  readonly meta: Document;
  /** By partition, then by id. */
  readonly #partitions = new Map<string, Map<string, Row>>();
  /** Every change, oldest first; only the last of a document counts. */
  readonly #changes: Row[] = [];
  readonly #now: () => number;
  #sequence = 0;
  #resources = 0;

  constructor(definition: CollectionDefinition, self: string, now: () => number) {
    this.definition = definition;
    this.#now = now;
    this.meta = {
      ...(definition as unknown as Document),
      _rid: 'double',
      _self: self,
      _etag: newEtag(),
      _ts: Math.floor(now() / 1000),
    };
  }

  get sequence(): number {
    return this.#sequence;
  }

  #isLive({ document }: Row): boolean {
    if (this.definition.defaultTtl === undefined) return true;
    const ttl = typeof document.ttl === 'number' ? document.ttl : this.definition.defaultTtl;
    return ttl < 0 || Number(document._ts) + ttl > this.#now() / 1000;
  }

  #rowsOf(partition: PartitionKey): Map<string, Row> {
    const key = JSON.stringify(partition);
    const rows = this.#partitions.get(key) ?? new Map<string, Row>();
    this.#partitions.set(key, rows);
    return rows;
  }

  #find(partition: PartitionKey, id: string): Row | undefined {
    const row = this.#rowsOf(partition).get(id);
    return row && this.#isLive(row) ? row : undefined;
  }

  /** What a request for this partition sees; all of them without one. */
  #visible(partition: PartitionKey | undefined): Row[] {
    const partitions = partition ? [this.#rowsOf(partition)] : [...this.#partitions.values()];
    return partitions.flatMap((rows) => [...rows.values()]).filter((row) => this.#isLive(row));
  }

  #write(partition: PartitionKey, body: Document, old: Row | undefined): Document {
    const { id } = body;
    if (typeof id !== 'string' || id === '' || /[/\\?#]/.test(id) || Buffer.byteLength(id) > 1023) {
      throw badRequest(`The input name '${text(id)}' is invalid.`);
    }
    if (body.ttl !== undefined && !(Number.isInteger(body.ttl) && (Number(body.ttl) > 0 || body.ttl === -1))) {
      throw badRequest("The input ttl is invalid. Ensure to provide a nonzero positive integer or '-1'.");
    }
    if (sizeOf(body) > maxItemBytes) throw tooLarge();
    const own = this.definition.partitionKey.paths.map((path) => at(body, path) ?? {});
    if (JSON.stringify(own) !== JSON.stringify(partition)) {
      throw badRequest("PartitionKey extracted from document doesn't match the one specified in the header.", 1001);
    }
    const document: Document = {
      ...body,
      _rid: old?.document._rid ?? `double-${(this.#resources += 1)}`,
      _self: `${text(this.meta._self)}docs/${id}/`,
      _etag: newEtag(),
      _attachments: 'attachments/',
      _ts: Math.floor(this.#now() / 1000),
    };
    this.#sequence += 1;
    const row = { document, partition, sequence: this.#sequence };
    this.#rowsOf(partition).set(id, row);
    this.#changes.push(row);
    return document;
  }

  /** @throws CosmosError as Azure would refuse it */
  apply(partition: PartitionKey | undefined, operation: Operation): OperationResult {
    if (!partition) throw badRequest('PartitionKey value must be supplied for this operation.');
    const { operationType, resourceBody: body, ifMatch, ifNoneMatch } = operation;
    const id = operation.id ?? text(body?.id);
    const row = this.#find(partition, id);
    const written = (status: number): OperationResult => {
      if (!body) throw badRequest('The request has no body.');
      if (operation.id !== undefined && operation.id !== body.id) throw badRequest('The id can not be changed.');
      const document = this.#write(partition, body, row);
      return { status, document, charge: writeCharge(sizeOf(document)) };
    };
    const wanted = (): Row => {
      if (!row) throw notFound();
      if (ifMatch !== undefined && ifMatch !== '*' && row.document._etag !== ifMatch) throw preconditionFailed();
      return row;
    };
    switch (operationType) {
      case 'Create':
        if (row) throw conflict();
        return written(201);
      case 'Upsert':
        if (ifMatch !== undefined && ifMatch !== '*' && row?.document._etag !== ifMatch) throw preconditionFailed();
        return written(row ? 200 : 201);
      case 'Replace':
        wanted();
        return written(200);
      case 'Read': {
        const { document } = wanted();
        if (ifNoneMatch === document._etag) return { status: 304, charge: 1 };
        return { status: 200, document, charge: readCharge(sizeOf(document)) };
      }
      case 'Delete': {
        const { document } = wanted();
        this.#rowsOf(partition).delete(id);
        return { status: 204, charge: writeCharge(sizeOf(document)) };
      }
      default:
        throw badRequest(`The double does not know the operation '${operationType}'.`);
    }
  }

  /** All operations or none: the answer of each, 424 for those that failed only because another did. */
  batch(
    partition: PartitionKey | undefined,
    operations: readonly Operation[],
  ): { status: number; results: Document[] } {
    if (operations.length > maxBatchOperations)
      throw badRequest('Batch request has more operations than what is supported.');
    if (sizeOf(operations) > maxItemBytes) throw tooLarge();
    const before = partition && new Map(this.#rowsOf(partition));
    const changes = this.#changes.length;
    const results: Document[] = [];
    for (const [index, operation] of operations.entries()) {
      try {
        const { status, document, charge } = this.apply(partition, operation);
        results.push({
          statusCode: status,
          requestCharge: charge,
          ...(document && { eTag: text(document._etag), resourceBody: document }),
        });
      } catch (error) {
        if (!(error instanceof CosmosError)) throw error;
        if (before) this.#partitions.set(JSON.stringify(partition), before);
        this.#changes.length = changes;
        return {
          status: 207,
          results: operations.map((_, other) => ({
            statusCode: other === index ? error.status : 424,
            requestCharge: 0,
          })),
        };
      }
    }
    return { status: 200, results };
  }

  /** Across partitions only a plain filter is answered: everything else would need the SDK to merge. */
  query(
    partition: PartitionKey | undefined,
    request: QueryRequest,
    size: number,
    continuation: string | undefined,
  ): FeedPage {
    const query = parseQuery(request);
    if (!partition && (query.isCount || query.order)) {
      throw badRequest('Cross partition query only supports a plain WHERE in this double. Give a partition key.');
    }
    if (query.order && !this.#isIndexed(query.order.path)) {
      throw badRequest(
        `The order by query does not have a corresponding index that it can be served from: ${query.order.path}.`,
      );
    }
    const found = runQuery(
      query,
      this.#visible(partition).map(({ document }) => document),
    );
    if (query.isCount) return { items: [found.length], next: null, charge: queryCharge(0) };
    const start = Number(continuation ?? 0);
    const items = found.slice(start, start + size);
    return {
      items,
      next: start + size < found.length ? String(start + size) : null,
      charge: queryCharge(sizeOf(items)),
    };
  }

  #isIndexed(path: string): boolean {
    const policy = this.definition.indexingPolicy;
    if (!policy || path === '/_ts' || path === '/id') return true;
    const matches = (pattern: string): boolean => {
      const base = pattern.replace(/\/(\?|\*)$/, '');
      return pattern.endsWith('/*') ? path === base || path.startsWith(`${base}/`) : path === base;
    };
    const longest = (paths: readonly { path: string }[] = []): number =>
      Math.max(-1, ...paths.filter(({ path: pattern }) => matches(pattern)).map(({ path: pattern }) => pattern.length));
    // The more precise path wins.
    return longest(policy.includedPaths) > longest(policy.excludedPaths);
  }

  /** Documents changed after a position, each once with its latest content. Deletions do not show. */
  changesAfter(position: number, size: number): { items: Document[]; position: number } {
    const items: Document[] = [];
    let reached = position;
    for (const row of this.#changes.slice(this.#firstAfter(position))) {
      if (items.length === size) break;
      reached = row.sequence;
      if (this.#find(row.partition, text(row.document.id)) === row) items.push({ ...row.document, _lsn: row.sequence });
    }
    return { items, position: reached };
  }

  #firstAfter(position: number): number {
    let low = 0;
    let high = this.#changes.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#changes[middle]?.sequence ?? Infinity) > position) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
