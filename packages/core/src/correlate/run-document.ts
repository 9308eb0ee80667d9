import { planDocumentId, runDocumentId, runPartition, type RepositoryRef, type RunKey } from '../identity/keys.ts';
import type { OpaqueIds } from '../identity/opaque.ts';
import { historyMs } from '../journal/timeline.ts';
import type { DocumentStore, Stored } from '../ports/document-store.ts';
import type { RunFacts } from '../ports/github.ts';

/** One thing that a run delivers: a message, or the run itself. */
export interface Item {
  /** The message's request key, or `run`. */
  readonly key: string;
  readonly eventId: string;
  readonly eventType: string;
  /** Of the message (ms); of the run itself, its completion. */
  readonly receivedAt: number;
}

/** One subscription's share of a run. */
export interface Lane {
  readonly subscriptionId: string;
  /** Names as they were at the decision, for people. */
  readonly subscription: string;
  readonly consumer: RepositoryRef;
  readonly repository: string;
  /** The consumer's installation, which says whose queue it waits in. */
  readonly installationId: string | null;
  readonly durable: boolean;
  /** Which of the run's items it gets, by index, in order. */
  readonly items: readonly number[];
}

/** A run as it was decided: created once, when it completed. A message that comes later adds to it. */
export interface RunDocument {
  readonly run: RunKey;
  /** As it completed; null for a run that was given up. */
  readonly facts: RunFacts | null;
  /** Path of the workflow file, from the token or the webhook; null when neither said. */
  readonly workflow: string | null;
  /** When its first message came, or its completion (ms). */
  readonly firstSeenAt: number;
  /** When the completion was taken in (ms). */
  readonly completedAt: number | null;
  /** When it was decided, or a late message was added (ms). */
  readonly decidedAt: number;
  /** What it delivers, or would, in order; the run itself comes first, and only where there was no message at the decision. */
  readonly items: readonly Item[];
  readonly service: {
    readonly id: string;
    readonly label: string;
    /** What consumers call it, where its owner and where it runs are hidden from them; null: nothing is hidden. */
    readonly publicName: string | null;
  } | null;
  /** Why it was not delivered. */
  readonly blocked: string | null;
  /** Given up waiting for its completion; looked at again when GitHub says that it completed. */
  readonly expired: boolean;
  /** Who gets what: the first page; the others are beside it. */
  readonly lanes: readonly Lane[];
  readonly lanesPerPage: number;
  readonly furtherPages: number;
  /** How many deliveries it led to. */
  readonly deliveries: number;
}

export interface PlanPage {
  readonly lanes: readonly Lane[];
}

/** Numbers of items on a page: it must fit into a document of 2 MB. */
const maxNumbersPerPage = 200_000;

/** How many lanes a page holds, each with all of so many items at the worst. */
export const lanesPerPageOf = (items: number): number =>
  Math.max(1, Math.min(1000, Math.floor(maxNumbersPerPage / Math.max(1, items))));

export const runExpiry = (decidedAt: number): number => decidedAt + historyMs;

export const getRun = (store: Pick<DocumentStore, 'get'>, run: RunKey): Promise<Stored<RunDocument> | null> =>
  store.get<RunDocument>(runPartition(run), runDocumentId);

/** Where deliveries of a run come from: the lane of that number, whichever page it is on. */
export async function laneOf(
  store: Pick<DocumentStore, 'get'>,
  document: RunDocument,
  index: number,
): Promise<Lane | null> {
  const { lanesPerPage } = document;
  return (await pageOf(store, document, Math.floor(index / lanesPerPage)))?.[index % lanesPerPage] ?? null;
}

/** @returns null while the page is not visible */
async function pageOf(
  store: Pick<DocumentStore, 'get'>,
  { run, items, lanes }: RunDocument,
  page: number,
): Promise<readonly Lane[] | null> {
  if (page === 0) return lanes;
  return (await store.get<PlanPage>(runPartition(run), planDocumentId(items.length, page)))?.body.lanes ?? null;
}

/** Every lane, page by page. */
export async function* lanesOf(store: Pick<DocumentStore, 'get'>, document: RunDocument): AsyncGenerator<Lane> {
  for (let page = 0; page <= document.furtherPages; page += 1) {
    const own = await pageOf(store, document, page);
    if (!own) throw new Error(`Page ${page} of the plan of run ${document.run.runId} is not visible yet.`);
    yield* own;
  }
}

/** The delivery of an item to a lane, and the one of the same lane that must be sent before it. */
export function deliveryOf(
  ids: OpaqueIds,
  { run, items }: Pick<RunDocument, 'run' | 'items'>,
  lane: Lane,
  item: number,
): { readonly deliveryId: string; readonly after: string | null } {
  const idOf = (index: number | undefined): string | null => {
    const key = index === undefined ? undefined : items[index]?.key;
    return key === undefined ? null : ids.delivery(run, key, lane.subscriptionId);
  };
  const place = lane.items.indexOf(item);
  return { deliveryId: idOf(item) ?? '', after: place > 0 ? idOf(lane.items[place - 1]) : null };
}
