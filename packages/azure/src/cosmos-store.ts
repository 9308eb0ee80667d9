import { randomUUID } from 'node:crypto';
import type { Container, OperationInput, OperationResponse } from '@azure/cosmos';
import {
  checkBatch,
  ZektError,
  type Batch,
  type Body,
  type BusMessage,
  type Clock,
  type CommitResult,
  type DocumentStore,
  type ListOptions,
  type Page,
  type Stored,
  type Write,
} from '@zekt/core';
import { depositBody, maxInlineBytes } from './claim-check.ts';
import { afterSortKeys, fromItemId, toItemId, toSortKey } from './document-key.ts';
import { toParcel, wireId, type Parcel } from './envelope.ts';
import type { OutboxItem } from './outbox-item.ts';
import { requireReadable, versions as ownVersions, type Versions } from './versions.ts';

/** A document as it lies in the container. */
interface Item {
  readonly id: string;
  readonly pk: string;
  /** Its form. */
  readonly v?: number;
  /** What lists sort by. */
  readonly key: string;
  readonly body: Body;
  /** Seconds. */
  readonly ttl?: number;
  readonly _etag?: string;
}

const status = { notFound: 404, conflict: 409, preconditionFailed: 412, dependencyFailed: 424 };
const isGood = (code: number): boolean => code >= 200 && code < 300;
/** Begins with what no escaped id begins with. */
const outboxId = (): string => `~outbox~${randomUUID()}`;

/**
 * The store port on one Cosmos DB container. A batch is a transactional batch of one partition; its messages lie in it as one more
 * document, the outbox, and `announce` is told of it when it is written.
 */
export class CosmosStore implements DocumentStore {
  readonly #container: Container;
  readonly #clock: Clock;
  readonly #announce: (item: OutboxItem) => Promise<void>;
  readonly #versions: Versions;

  constructor(
    container: Container,
    clock: Clock,
    announce: (item: OutboxItem) => Promise<void>,
    versions = ownVersions,
  ) {
    this.#container = container;
    this.#clock = clock;
    this.#announce = announce;
    this.#versions = versions;
  }

  async get<T extends Body>(partition: string, id: string): Promise<Stored<T> | null> {
    const { statusCode, resource, etag } = await this.#container.item(toItemId(id), partition).read<Item>();
    if (statusCode === status.notFound || !resource) return null;
    requireReadable(resource.v, this.#versions);
    return { id, etag, body: resource.body as T };
  }

  async list<T extends Body>(partition: string, options: ListOptions): Promise<Page<Stored<T>>> {
    const { prefix = '', after, limit, descending = false } = options;
    const from = toSortKey(prefix);
    const beyond = after === undefined ? null : toSortKey(after);
    const conditions = ['c.key >= @from', 'c.key < @to'];
    if (beyond !== null) conditions.push(descending ? 'c.key < @beyond' : 'c.key > @beyond');
    const query = {
      query: `SELECT * FROM c WHERE ${conditions.join(' AND ')} ORDER BY c.key ${descending ? 'DESC' : 'ASC'}`,
      parameters: [
        { name: '@from', value: from },
        { name: '@to', value: afterSortKeys(from) },
        { name: '@beyond', value: beyond },
      ],
    };
    // One more than asked for tells whether anything follows.
    const pages = this.#container.items.query<Item>(query, { partitionKey: partition, maxItemCount: limit + 1 });
    const items: Stored<T>[] = [];
    while (pages.hasMoreResults() && items.length <= limit) {
      const { resources } = await pages.fetchNext();
      for (const { id, v, _etag = '', body } of resources) {
        requireReadable(v, this.#versions);
        items.push({ id: fromItemId(id), etag: _etag, body: body as T });
      }
    }
    const page = items.slice(0, limit);
    return { items: page, next: items.length > limit ? (page.at(-1)?.id ?? null) : null };
  }

  async commit(batch: Batch): Promise<CommitResult> {
    checkBatch(batch);
    const { partition, messages = [] } = batch;
    const outbox = messages.length === 0 ? null : await this.#pack(partition, messages);
    const result = await this.#write(partition, batch.writes, outbox);
    if (result.committed && outbox) await this.#announce(outbox);
    return result;
  }

  /** Large bodies are kept first: a reference to what is not there would lose a message, a body without a reference only expires. */
  async #pack(partition: string, messages: readonly BusMessage[]): Promise<OutboxItem> {
    return {
      id: outboxId(),
      pk: partition,
      v: this.#versions.written,
      outbox: await this.pack(messages),
      outboxAt: this.#clock.now(),
    };
  }

  /** Messages as they travel: large bodies by reference. */
  async pack(messages: readonly BusMessage[]): Promise<Parcel[]> {
    return Promise.all(messages.map((message) => this.lighten({ ...toParcel(message), body: message.body })));
  }

  /** A parcel with its body by reference if it is large. A copy's body is not its original's, which may still come again. */
  async lighten(parcel: Parcel): Promise<Parcel> {
    const { body, ...rest } = parcel;
    if (!body) return parcel;
    const text = JSON.stringify(body);
    if (Buffer.byteLength(text) <= maxInlineBytes) return parcel;
    return { ...rest, ref: await depositBody(this, wireId(parcel), text, this.#clock.now()) };
  }

  async #write(partition: string, writes: readonly Write[], outbox: OutboxItem | null): Promise<CommitResult> {
    const operations = writes.map((write) => this.#operation(partition, write));
    if (outbox)
      operations.push({ operationType: 'Create', resourceBody: { ...outbox, outbox: [...outbox.outbox] } as never });
    if (operations.length === 0) return { committed: true, etags: {} };
    const { result: results = [], code } = await this.#container.items.batch(operations, partition);
    const failed = results.findIndex(({ statusCode }) => !isGood(statusCode) && statusCode !== status.dependencyFailed);
    if (failed < 0) {
      if (!isGood(code ?? 200)) throw new ZektError('unavailable', `The store answered ${code}. Try again.`);
      return { committed: true, etags: etagsOf(writes, results) };
    }
    const write = writes[failed];
    const { statusCode = 0 } = results[failed] ?? {};
    if (write?.kind === 'delete' && write.etag === undefined && statusCode === status.notFound) {
      // It is gone already, which is what was wanted.
      return this.#write(partition, writes.toSpliced(failed, 1), outbox);
    }
    if (write && [status.notFound, status.conflict, status.preconditionFailed].includes(statusCode)) {
      if (outbox && (await this.#exists(outbox))) return { committed: true, etags: {} };
      return { committed: false, conflict: write.id };
    }
    throw new ZektError('unavailable', `The store answered ${statusCode}. Try again.`);
  }

  /** A conflict may be with ourselves: the SDK tries again when the first answer is lost on its way. */
  async #exists({ id, pk }: OutboxItem): Promise<boolean> {
    return isGood((await this.#container.item(id, pk).read()).statusCode);
  }

  #operation(partition: string, write: Write): OperationInput {
    const id = toItemId(write.id);
    if (write.kind === 'delete') {
      return { operationType: 'Delete', id, ...(write.etag !== undefined && { ifMatch: write.etag }) };
    }
    const item: Item = {
      id,
      pk: partition,
      v: this.#versions.written,
      key: toSortKey(write.id),
      body: write.body,
      ...(write.expiresAt !== undefined && { ttl: this.#ttl(write.expiresAt) }),
    };
    const resourceBody = item as never;
    switch (write.kind) {
      case 'create':
        return { operationType: 'Create', resourceBody };
      case 'put':
        return { operationType: 'Upsert', resourceBody };
      case 'replace':
        return { operationType: 'Replace', id, resourceBody, ifMatch: write.etag };
    }
  }

  /** Counted by Cosmos DB in whole seconds from the write. */
  #ttl(expiresAt: number): number {
    return Math.max(1, Math.ceil((expiresAt - this.#clock.now()) / 1000));
  }
}

function etagsOf(writes: readonly Write[], results: readonly OperationResponse[]): Record<string, string> {
  const etags: Record<string, string> = {};
  writes.forEach(({ id, kind }, index) => {
    const etag = results[index]?.eTag;
    if (kind !== 'delete' && etag !== undefined) etags[id] = etag;
  });
  return etags;
}
