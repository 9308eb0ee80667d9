import { digest } from '../identity/digest.ts';
import { connectionTimelineName, timedId, timelinePartition } from '../identity/keys.ts';
import type { Body, DocumentStore, Page, Stored } from '../ports/document-store.ts';

const dayMs = 86_400_000;

/**
 * A list of things by time, newest first, cut into partitions of a day or of 30 days so that none grows without end.
 * Entries are written once and name what they point to; whoever reads them skips what is gone.
 */
export interface Timeline {
  readonly name: string;
  readonly bucketDays: number;
  readonly keptDays: number;
  /** How many partitions share a bucket. One for what one account writes; more for what everybody writes. */
  readonly shards: number;
}

/** Deliveries and runs are kept for 13 months. */
export const historyDays = 396;
export const historyMs = historyDays * dayMs;

/** A partition of Cosmos DB takes 10,000 request units a second: some 1,500 entries. This is for sixteen times as many. */
const shards = 16;

export const journalTimeline: Timeline = { name: 'journal', bucketDays: 1, keptDays: 30, shards };
export const approvalTimeline: Timeline = { name: 'approvals', bucketDays: 30, keptDays: historyDays, shards: 1 };
/** The deliveries of one subscription that something has come of. */
export const connectionTimeline = (subscriptionId: string): Timeline => ({
  name: connectionTimelineName(subscriptionId),
  bucketDays: 30,
  keptDays: historyDays,
  shards: 1,
});

export const bucketOf = (timeline: Timeline, atMs: number): number => Math.floor(atMs / (timeline.bucketDays * dayMs));
const shardOf = (timeline: Timeline, key: string): number =>
  timeline.shards === 1 ? 0 : Number.parseInt(digest(key).slice(0, 8), 16) % timeline.shards;

/** Where an entry belongs, for writing it in a batch of one's own. */
export function timelineEntry(
  timeline: Timeline,
  atMs: number,
  key: string,
): { partition: string; id: string; expiresAt: number } {
  return {
    partition: timelinePartition(timeline.name, bucketOf(timeline, atMs), shardOf(timeline, key)),
    id: timedId(atMs, key),
    expiresAt: atMs + timeline.keptDays * dayMs,
  };
}

/** Adds an entry; the same entry again changes nothing. */
export async function addToTimeline(
  store: DocumentStore,
  timeline: Timeline,
  atMs: number,
  key: string,
  body: Body,
): Promise<void> {
  const { partition, id, expiresAt } = timelineEntry(timeline, atMs, key);
  await store.commit({ partition, writes: [{ kind: 'put', id, body, expiresAt }] });
}

/** The place behind which are the entries of a time and before. */
export const placeAt = (timeline: Timeline, atMs: number): string =>
  `${bucketOf(timeline, atMs)}/${timedId(Math.max(0, Math.ceil(atMs)) + 1, '')}`;

/** An entry, and the place behind which the ones after it are. */
export interface Placed<T> {
  readonly body: T;
  readonly place: string;
}

/**
 * One page, newest first, walking back over the buckets.
 *
 * @param after the `next` of the page before, or the place of an entry: `<bucket>/<id>`
 * @param sinceMs buckets before this time are not looked at
 */
export async function readTimelineItems<T extends Body>(
  store: Pick<DocumentStore, 'list'>,
  timeline: Timeline,
  nowMs: number,
  { after, limit, sinceMs = 0 }: { after?: string | undefined; limit: number; sinceMs?: number },
): Promise<Page<Placed<T>>> {
  const oldest = bucketOf(timeline, Math.max(sinceMs, nowMs - timeline.keptDays * dayMs));
  const start = after === undefined ? null : /^(\d{1,9})\/(.*)$/s.exec(after);
  // One bucket ahead: another machine's clock may be a little before ours.
  let bucket = start ? Math.min(Number(start[1]), bucketOf(timeline, nowMs) + 1) : bucketOf(timeline, nowMs) + 1;
  let cursor = start?.[2] === '' ? undefined : start?.[2];
  const items: Placed<T>[] = [];
  while (bucket >= oldest) {
    const page = await readBucket<T>(store, timeline, bucket, limit - items.length, cursor);
    items.push(...page.items.map(({ id, body }) => ({ body, place: `${bucket}/${id}` })));
    if (page.next !== null) return { items, next: `${bucket}/${page.next}` };
    bucket -= 1;
    cursor = undefined;
    if (items.length >= limit) return { items, next: bucket >= oldest ? `${bucket}/` : null };
  }
  return { items, next: null };
}

/** The same without the places. */
export async function readTimeline<T extends Body>(
  store: Pick<DocumentStore, 'list'>,
  timeline: Timeline,
  nowMs: number,
  paging: { after?: string | undefined; limit: number },
): Promise<Page<T>> {
  const { items, next } = await readTimelineItems<T>(store, timeline, nowMs, paging);
  return { items: items.map(({ body }) => body), next };
}

/** The newest of all shards; `next` is the id of the oldest among them. */
async function readBucket<T extends Body>(
  store: Pick<DocumentStore, 'list'>,
  timeline: Timeline,
  bucket: number,
  limit: number,
  after: string | undefined,
): Promise<Page<Stored<T>>> {
  const pages = await Promise.all(
    Array.from({ length: timeline.shards }, (_, shard) =>
      store.list<T>(timelinePartition(timeline.name, bucket, shard), {
        limit,
        descending: true,
        ...(after !== undefined && { after }),
      }),
    ),
  );
  const newestFirst = pages.flatMap(({ items }) => items).sort((a, b) => (a.id < b.id ? 1 : -1));
  const items = newestFirst.slice(0, limit);
  const hasMore = newestFirst.length > limit || pages.some(({ next }) => next !== null);
  return { items, next: hasMore ? (items.at(-1)?.id ?? null) : null };
}
