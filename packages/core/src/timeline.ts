import type { Body, DocumentStore, Page } from './ports/document-store.ts';

const dayMs = 86_400_000;

/**
 * A list of things by time, newest first, cut into partitions of a day or of 30 days so that none grows without end.
 * Entries are written once and name what they point to; whoever reads them skips what is gone.
 */
export interface Timeline {
  readonly name: string;
  readonly bucketDays: number;
  readonly keptDays: number;
}

/** Deliveries and runs are kept for 13 months. */
export const historyDays = 396;
export const historyMs = historyDays * dayMs;

export const eventTimeline: Timeline = { name: 'events', bucketDays: 1, keptDays: 30 };
export const runTimeline: Timeline = { name: 'runs', bucketDays: 1, keptDays: 30 };
export const deliveryTimeline: Timeline = { name: 'deliveries', bucketDays: 1, keptDays: 30 };
export const connectionTimeline = (subscription: string): Timeline => ({
  name: `connection:${subscription}`,
  bucketDays: 30,
  keptDays: historyDays,
});

const bucketOf = (timeline: Timeline, atMs: number): number => Math.floor(atMs / (timeline.bucketDays * dayMs));
const partitionOf = (timeline: Timeline, bucket: number): string => `${timeline.name}:${bucket}`;
/** Fixed width, so that text order is time order. */
const entryId = (atMs: number, key: string): string => `${String(atMs).padStart(15, '0')}~${key}`;

/** Where an entry belongs, for writing it in a batch of one's own. */
export function timelineEntry(
  timeline: Timeline,
  atMs: number,
  key: string,
): { partition: string; id: string; expiresAt: number } {
  return {
    partition: partitionOf(timeline, bucketOf(timeline, atMs)),
    id: entryId(atMs, key),
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

/**
 * One page, newest first, walking back over the buckets.
 *
 * @param after the `next` of the page before: `<bucket>/<id>`
 */
export async function readTimeline<T extends Body>(
  store: DocumentStore,
  timeline: Timeline,
  nowMs: number,
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<Page<T>> {
  const oldest = bucketOf(timeline, nowMs - timeline.keptDays * dayMs);
  const start = after === undefined ? null : /^(\d{1,9})\/(.*)$/s.exec(after);
  // One bucket ahead: another machine's clock may be a little before ours.
  let bucket = start ? Math.min(Number(start[1]), bucketOf(timeline, nowMs) + 1) : bucketOf(timeline, nowMs) + 1;
  let cursor = start?.[2] === '' ? undefined : start?.[2];
  const items: T[] = [];
  while (bucket >= oldest) {
    const page = await store.list<T>(partitionOf(timeline, bucket), {
      limit: limit - items.length,
      descending: true,
      ...(cursor !== undefined && { after: cursor }),
    });
    items.push(...page.items.map((item) => item.body));
    if (page.next !== null) return { items, next: `${bucket}/${page.next}` };
    bucket -= 1;
    cursor = undefined;
    if (items.length >= limit) return { items, next: bucket >= oldest ? `${bucket}/` : null };
  }
  return { items, next: null };
}
