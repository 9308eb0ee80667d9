import { randomUUID } from 'node:crypto';
import { badRequest, conflict, CosmosError, notFound, preconditionFailed, tooLarge } from './cosmos-error.ts';
import { isIndexed, type IndexingPolicy } from './indexing.ts';
import { at, parseQuery, runQuery, type Document, type Json, type QueryRequest } from './query.ts';
import { upToDate, type Reading } from './reading.ts';
import {
  createPrice,
  deletePrice,
  missPrice,
  queryPrice,
  readPrice,
  replacePrice,
  type Priced,
} from './request-charge.ts';
import { Rows, type LiveRow, type PartitionKey, type RowsOptions } from './rows.ts';

export interface CollectionDefinition {
  readonly id: string;
  readonly partitionKey: { readonly paths: readonly string[] };
  readonly defaultTtl?: number;
  readonly indexingPolicy?: IndexingPolicy;
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
  readonly price: Priced;
}

export interface FeedPage {
  readonly items: readonly Json[];
  readonly next: string | null;
  readonly price: Priced;
  /** The physical partition that it comes from. */
  readonly range: string;
}

export type CollectionOptions = Omit<RowsOptions, 'defaultTtl'>;

const maxItemBytes = 2 * 1024 * 1024;
export const maxBatchOperations = 100;
const text = (value: Json | undefined): string => (typeof value === 'string' ? value : JSON.stringify(value ?? ''));
const sizeOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
const firstRange = '0';
const newEtag = (): string => `"${randomUUID()}"`;

/** The documents of one container. */
export class Collection {
  readonly definition: CollectionDefinition;
  readonly meta: Document;
  readonly #rows: Rows;
  /** Every change, oldest first; only the last of a document counts. */
  readonly #changes: Pick<LiveRow, 'document' | 'partition' | 'sequence'>[] = [];
  readonly #now: () => number;
  #resources = 0;

  constructor(definition: CollectionDefinition, self: string, options: CollectionOptions) {
    this.definition = definition;
    this.#now = options.now;
    this.#rows = new Rows({ ...options, defaultTtl: definition.defaultTtl });
    this.meta = {
      ...(definition as unknown as Document),
      _rid: 'double',
      _self: self,
      _etag: newEtag(),
      _ts: Math.floor(options.now() / 1000),
    };
  }

  get sequence(): number {
    return this.#rows.sequence;
  }

  rangeOf(partition: PartitionKey): string {
    return this.#rows.rangeOf(partition);
  }

  /** The LSN that a physical partition has reached. */
  reached(range: string): number {
    return this.#rows.reached(range);
  }

  #write(partition: PartitionKey, body: Document, old: LiveRow | undefined): Document {
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
    this.#changes.push({ document, partition, sequence: this.#rows.put(partition, id, document) });
    return document;
  }

  /** @throws CosmosError as Azure would refuse it */
  apply(partition: PartitionKey | undefined, operation: Operation, reading = upToDate()): OperationResult {
    if (!partition) throw badRequest('PartitionKey value must be supplied for this operation.');
    const { operationType, resourceBody: body, ifMatch, ifNoneMatch } = operation;
    const id = operation.id ?? text(body?.id);
    const row = this.#rows.find(partition, id, operationType === 'Read' ? reading : upToDate());
    const written = (status: number): OperationResult => {
      if (!body) throw badRequest('The request has no body.');
      if (operation.id !== undefined && operation.id !== body.id) throw badRequest('The id can not be changed.');
      const document = this.#write(partition, body, row);
      return { status, document, price: (row ? replacePrice : createPrice)(sizeOf(document)) };
    };
    const wanted = (): LiveRow => {
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
        if (ifNoneMatch === document._etag) return { status: 304, price: missPrice };
        return { status: 200, document, price: readPrice(sizeOf(document)) };
      }
      case 'Delete': {
        const { document } = wanted();
        this.#rows.put(partition, id, null);
        return { status: 204, price: deletePrice(sizeOf(document)) };
      }
      default:
        throw badRequest(`The double does not know the operation '${operationType}'.`);
    }
  }

  /** All operations or none: the answer of each, 424 for those that failed only because another did. */
  batch(
    partition: PartitionKey | undefined,
    operations: readonly Operation[],
  ): { status: number; results: Document[]; prices: Priced[] } {
    if (operations.length > maxBatchOperations)
      throw badRequest('Batch request has more operations than what is supported.');
    if (sizeOf(operations) > maxItemBytes) throw tooLarge();
    const undo = partition && this.#rows.remember(partition);
    const changes = this.#changes.length;
    const results: Document[] = [];
    const prices: Priced[] = [];
    for (const [index, operation] of operations.entries()) {
      try {
        const { status, document, price } = this.apply(partition, operation);
        prices.push(price);
        results.push({
          statusCode: status,
          requestCharge: price.charge,
          ...(document && { eTag: text(document._etag), resourceBody: document }),
        });
      } catch (error) {
        if (!(error instanceof CosmosError)) throw error;
        undo?.();
        this.#changes.length = changes;
        return {
          status: 207,
          results: operations.map((_, other) => ({
            statusCode: other === index ? error.status : 424,
            requestCharge: 0,
          })),
          prices: [],
        };
      }
    }
    return { status: 200, results, prices };
  }

  /**
   * Across partitions only a plain filter is answered: everything else would need the SDK to merge. A page comes from one physical
   * partition, so that it may be short or empty without being the last.
   */
  query(
    partition: PartitionKey | undefined,
    request: QueryRequest,
    { size, continuation, reading }: { size: number; continuation: string | undefined; reading: Reading },
  ): FeedPage {
    const query = parseQuery(request);
    if (!partition && (query.isCount || query.order)) {
      throw badRequest('Cross partition query only supports a plain WHERE in this double. Give a partition key.');
    }
    if (query.order && !isIndexed(this.definition.indexingPolicy, query.order.path)) {
      throw badRequest(
        `The order by query does not have a corresponding index that it can be served from: ${query.order.path}.`,
      );
    }
    const [range = '', offset = '0'] = (continuation ?? (partition ? this.rangeOf(partition) : firstRange)).split('+');
    const found = runQuery(
      query,
      this.#rows.visible(partition, range, reading).map(({ document }) => document),
    );
    if (query.isCount) return { items: [found.length], next: null, price: queryPrice(0), range };
    const start = Number(offset);
    const items = found.slice(start, start + size);
    const next =
      start + size < found.length ? `${range}+${start + size}` : partition ? null : this.#rows.rangeAfter(range);
    return { items, next, price: queryPrice(sizeOf(items)), range };
  }

  /** Documents changed after a position, each once with its latest content. Deletions do not show. */
  changesAfter(position: number, size: number): { items: Document[]; position: number } {
    const items: Document[] = [];
    let reached = position;
    for (const row of this.#changes.slice(this.#firstAfter(position))) {
      if (items.length === size) break;
      reached = row.sequence;
      if (this.#rows.find(row.partition, text(row.document.id))?.sequence === row.sequence)
        items.push({ ...row.document, _lsn: row.sequence });
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
