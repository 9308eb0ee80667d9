import { randomUUID } from 'node:crypto';
import { badRequest, conflict, CosmosError, gone, notFound, preconditionFailed, tooLarge } from './cosmos-error.ts';
import { decodeStretches, encodeStretches, pageAfter, within } from './continuation.ts';
import { isIndexed, type IndexingPolicy } from './indexing.ts';
import type { Change, PhysicalPartition, PhysicalPartitions } from './physical-partitions.ts';
import { at, parseQuery, runQuery, type Document, type Json, type QueryRequest } from './query.ts';
import { asOf, upToDate, type Reading } from './reading.ts';
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
  readonly place: PhysicalPartition;
}

export interface QueryOptions {
  readonly size: number;
  readonly continuation: string | undefined;
  readonly reading: Reading;
}

export type CollectionOptions = Omit<RowsOptions, 'defaultTtl'>;

const maxItemBytes = 2 * 1024 * 1024;
export const maxBatchOperations = 100;
const text = (value: Json | undefined): string => (typeof value === 'string' ? value : JSON.stringify(value ?? ''));
const sizeOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
const newEtag = (): string => `"${randomUUID()}"`;

/** The documents of one container. */
export class Collection {
  readonly definition: CollectionDefinition;
  readonly meta: Document;
  readonly #rows: Rows;
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

  get physical(): PhysicalPartitions {
    return this.#rows.physical;
  }

  placeOf(partition: PartitionKey): PhysicalPartition {
    return this.#rows.placeOf(partition);
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
    this.#rows.put(partition, id, document);
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
    if (partition) this.#rows.splitWhereDue(partition);
    return { status: 200, results, prices };
  }

  /** One operation, after which its physical partition may split. */
  applyAlone(partition: PartitionKey | undefined, operation: Operation, reading: Reading): OperationResult {
    const result = this.apply(partition, operation, reading);
    if (partition && operation.operationType !== 'Read') this.#rows.splitWhereDue(partition);
    return result;
  }

  /**
   * Across partitions only a plain filter is answered: everything else would need the SDK to merge. A page comes from one physical
   * partition, so that it may be short or empty without being the last. One that has split meanwhile is read on in its children.
   */
  query(
    partition: PartitionKey | undefined,
    request: QueryRequest,
    { size, continuation, reading }: QueryOptions,
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
    const pending = decodeStretches(continuation);
    const place = partition ? this.placeOf(partition) : this.physical.at(pending[0]?.min ?? 0);
    if (!place) throw badRequest('The continuation token is beyond all partitions.');
    const [first, ...rest] = partition ? pending : within(pending, place);
    if (!first) throw badRequest('The continuation token is empty.');
    const rows = this.#rows.visible(partition, place, first, reading);
    const found = runQuery(
      query,
      rows.map(({ document }) => document),
    );
    if (query.isCount) return { items: [found.length], next: null, price: queryPrice(0), place };
    const { items, last } = pageAfter(found, first.after, size, query.order);
    const left = last ? [{ ...first, after: last }, ...rest] : rest;
    const next = left.length > 0 ? encodeStretches(left) : null;
    return { items, next, price: queryPrice(sizeOf(items)), place };
  }

  /**
   * Documents of a physical partition that changed after a position, each once with its latest content. Deletions do not show.
   *
   * @throws CosmosError 410 for one that has split
   */
  changesAfter(
    range: string,
    position: number | 'now',
    { size, reading }: { size: number; reading: Reading },
  ): { items: Document[]; position: number; place: PhysicalPartition } {
    const place = this.physical.find(range);
    if (!place) throw gone(range);
    const { changes } = place;
    const limit = asOf(reading, place);
    if (position === 'now') return { items: [], position: place.lsn, place };
    const items: Document[] = [];
    let reached = position;
    for (let index = firstAfter(changes, position); index < changes.length && items.length < size; index += 1) {
      const change = changes[index];
      if (!change || change.lsn > limit) break;
      reached = change.lsn;
      if (this.#rows.find(change.partition, text(change.document.id))?.lsn === change.lsn)
        items.push({ ...change.document, _lsn: change.lsn });
    }
    return { items, position: reached, place };
  }
}

/** The index of the first change after a position. */
function firstAfter(changes: readonly Change[], position: number): number {
  let low = 0;
  let high = changes.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((changes[middle]?.lsn ?? Infinity) > position) high = middle;
    else low = middle + 1;
  }
  return low;
}
