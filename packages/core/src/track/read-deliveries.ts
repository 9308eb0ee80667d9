import { getRun, lanesOf } from '../correlate/run-document.ts';
import { getDelivery, type DeliveryDocument, type DeliveryPointer } from '../dispatch/delivery-document.ts';
import { plannedDelivery } from '../dispatch/planned.ts';
import type { RunKey } from '../identity/keys.ts';
import type { OpaqueIds } from '../identity/opaque.ts';
import { readJournal } from '../journal/read.ts';
import { connectionTimeline, readTimeline } from '../journal/timeline.ts';
import type { DocumentStore, Page } from '../ports/document-store.ts';

export interface HistoryContext {
  readonly store: Pick<DocumentStore, 'get' | 'list'>;
  readonly ids: OpaqueIds;
}

interface Paging {
  readonly after?: string | undefined;
  readonly limit: number;
}

/** Entries of the journal that are looked at for one page of a list, or for one delivery. */
const maxExamined = 2000;

/** The deliveries of a run as its plan has them: what nothing has come of yet is pending. */
async function* deliveriesOf({ store, ids }: HistoryContext, run: RunKey, from = 0): AsyncGenerator<Planned> {
  const found = await getRun(store, run);
  if (!found) return;
  let place = 0;
  for await (const lane of lanesOf(store, found.body)) {
    for (const item of lane.items) {
      place += 1;
      const planned = place > from ? plannedDelivery(ids, found.body, lane, item) : null;
      if (planned) yield { planned, place };
    }
  }
}

interface Planned {
  readonly planned: DeliveryDocument;
  /** How many there are up to it. */
  readonly place: number;
}

/** Of all runs, newest first. A page may have fewer than asked for, and still a next one. */
export async function listDeliveries(
  context: HistoryContext,
  nowMs: number,
  { after, limit }: Paging,
): Promise<Page<DeliveryDocument>> {
  // The `<n>!` before a place: so many deliveries of the entry behind it were on the page before.
  const start = /^(\d{1,3})!(.*)$/s.exec(after ?? '');
  let skipped = Number(start?.[1] ?? 0);
  let place = start ? start[2] : after;
  const items: DeliveryDocument[] = [];
  const seen = new Set<string>();
  let examined = 0;
  for await (const { entry, next } of readJournal(context.store, nowMs, place === '' ? undefined : place)) {
    examined += 1;
    const { run, deliveries = [] } = entry.planned ?? {};
    const wanted = deliveries.slice(skipped, skipped + limit - items.length);
    const fresh = wanted.filter((id) => !seen.has(id));
    fresh.forEach((id) => seen.add(id));
    if (run && fresh.length > 0) items.push(...(await readAll(context, run, fresh)));
    const taken = skipped + wanted.length;
    if (taken < deliveries.length) return { items, next: `${taken}!${place ?? ''}` };
    if (items.length >= limit || examined === maxExamined) return { items, next };
    skipped = 0;
    place = next;
  }
  return { items, next: null };
}

async function readAll(context: HistoryContext, run: RunKey, wanted: readonly string[]): Promise<DeliveryDocument[]> {
  const found = await Promise.all(wanted.map((id) => getDelivery(context.store, id)));
  if (found.every((it) => it !== null)) return found;
  const planned = new Map<string, DeliveryDocument>();
  for await (const it of deliveriesOf(context, run)) planned.set(it.planned.deliveryId, it.planned);
  return wanted.flatMap((id, index) => found[index] ?? planned.get(id) ?? []);
}

/** Of one run, in the order of its plan, its replays left out. `after` is how many there were before. */
export async function listDeliveriesOfRun(
  context: HistoryContext,
  run: RunKey,
  { after, limit }: Paging,
): Promise<Page<DeliveryDocument>> {
  const from = Number(after ?? 0);
  const items: DeliveryDocument[] = [];
  for await (const { planned, place } of deliveriesOf(context, run, Number.isInteger(from) ? from : 0)) {
    if (items.length === limit) return { items, next: String(place - 1) };
    items.push((await getDelivery(context.store, planned.deliveryId)) ?? planned);
  }
  return { items, next: null };
}

/** Of one subscription, newest first: those that something has come of. */
export async function listDeliveriesOfSubscription(
  { store }: HistoryContext,
  subscriptionId: string,
  nowMs: number,
  paging: Paging,
): Promise<Page<DeliveryDocument>> {
  const page = await readTimeline<DeliveryPointer>(store, connectionTimeline(subscriptionId), nowMs, paging);
  const found = await Promise.all(page.items.map(({ deliveryId }) => getDelivery(store, deliveryId)));
  return { items: found.filter((it) => it !== null), next: page.next };
}

/** One delivery. Of those that nothing has come of yet, the newest are found: they are on their way. */
export async function readDelivery(
  context: HistoryContext,
  deliveryId: string,
  nowMs: number,
): Promise<DeliveryDocument | null> {
  const found = await getDelivery(context.store, deliveryId);
  if (found || !context.ids.isGenuine(deliveryId)) return found;
  let examined = 0;
  for await (const { entry } of readJournal(context.store, nowMs, undefined)) {
    examined += 1;
    if (entry.planned?.deliveries.includes(deliveryId)) {
      const [planned] = await readAll(context, entry.planned.run, [deliveryId]);
      return planned ?? null;
    }
    if (examined === maxExamined) break;
  }
  return null;
}
