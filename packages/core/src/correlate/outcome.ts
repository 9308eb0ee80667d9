import { sendHint, type CorrelateWork, type SendWork } from '../hints.ts';
import { correlationIdOf, planDocumentId, runDocumentId, runPartition } from '../identity/keys.ts';
import type { OpaqueIds } from '../identity/opaque.ts';
import { reports, type Listeners } from '../journal/append.ts';
import { journalEntry, type JournalEntry } from '../journal/entry.ts';
import { complete, type BusMessage, type Outcome, type Writes } from '../ports/bus.ts';
import type { Decided } from './decide.ts';
import { deliveryOf, lanesPerPageOf, runExpiry, type Lane, type PlanPage, type RunDocument } from './run-document.ts';

/** Deliveries that are hinted at in one outcome; what is beyond comes in the next. */
export const maxHints = 1000;
/** Ids of deliveries in one entry of the journal. */
const idsPerEntry = 50;

interface Context {
  readonly ids: OpaqueIds;
  readonly listeners: Listeners;
}

/**
 * Writes a decision, reports it and hints at its deliveries.
 *
 * @param etag of the run's document, where it is there already
 */
export function outcomeOf(
  context: Context,
  { document, lanes }: Decided,
  etag: string | null,
  announced: Announced = {},
): Outcome {
  const { run, decidedAt } = document;
  const lanesPerPage = lanesPerPageOf(document.items.length);
  const pages = Array.from({ length: Math.ceil(lanes.length / lanesPerPage) }, (_, page) =>
    lanes.slice(page * lanesPerPage, (page + 1) * lanesPerPage),
  );
  const [first = [], ...further] = pages;
  const body: RunDocument = { ...document, lanes: first, lanesPerPage, furtherPages: further.length };
  const partition = runPartition(run);
  const expiresAt = runExpiry(decidedAt);
  const pageWrites = further.map((own, index): Writes => {
    const page: PlanPage = { lanes: own };
    return {
      partition,
      writes: [{ kind: 'put', id: planDocumentId(document.items.length, index + 1), body: page, expiresAt }],
    };
  });
  const write: Writes = {
    partition,
    writes: [
      etag === null
        ? { kind: 'create', id: runDocumentId, body, expiresAt }
        : { kind: 'replace', id: runDocumentId, etag, body, expiresAt },
    ],
  };
  return { batches: [...pageWrites, write], ...announce(context, document, lanes, announced) };
}

/** Says what was decided and hints at the deliveries, from a lane on; more than fits into one outcome comes again. */
export function announce(
  { ids, listeners }: Context,
  document: Decided['document'],
  lanes: readonly Lane[],
  { from = 0, isNew = () => true, isLate = false, now = document.decidedAt, occasion }: Announced,
): Omit<Outcome, 'batches'> {
  const hints: BusMessage[] = [];
  let lane = from;
  for (; lane < lanes.length && hints.length < maxHints; lane += 1)
    hints.push(...hintsOf({ ids, isNew, occasion }, document, lanes[lane], lane));
  const deliveries = hints.map(({ body }) => (body as SendWork).deliveryId);
  const events = from === 0 ? eventsOf(document) : [];
  // That the run completed was told when it was decided.
  const own = events.filter(({ event }) => !isLate || event?.type !== 'run.completed');
  const { journal, messages } = reports([...own, ...plannedEntries(document, deliveries)], listeners);
  const isAll = lane >= lanes.length;
  return {
    journal,
    messages: [...hints, ...messages],
    settlement: isAll
      ? complete
      : { settle: 'again', at: now, body: { kind: 'planned', run: document.run, from: lane } satisfies CorrelateWork },
  };
}

export interface Announced {
  /** The first lane to hint at. */
  readonly from?: number;
  /** Which items are new in this decision. */
  readonly isNew?: (item: number) => boolean;
  /** A message that came after the decision is what is new. */
  readonly isLate?: boolean;
  readonly now?: number;
  /** Tells these hints from those that were given before. */
  readonly occasion?: string | undefined;
}

function hintsOf(
  { ids, isNew, occasion }: Pick<Context, 'ids'> & Required<Pick<Announced, 'isNew' | 'occasion'>>,
  document: Decided['document'],
  lane: Lane | undefined,
  index: number,
): BusMessage[] {
  if (!lane) return [];
  return lane.items.filter(isNew).map((item) => {
    const { deliveryId } = deliveryOf(ids, document, lane, item);
    return sendHint({ kind: 'send', deliveryId, run: document.run, planned: { item, lane: index } }, lane, occasion);
  });
}

/** What a decision reports: the completion, or why it led to nothing. */
function eventsOf({ run, facts, service, blocked, decidedAt, items }: Decided['document']): JournalEntry[] {
  const correlationId = correlationIdOf(run);
  const details = {
    correlationId,
    ...(facts && { repositoryId: facts.repositoryId }),
    ...(facts?.actor != null && { actor: facts.actor }),
    ...(service && { service: service.label }),
  };
  const where = facts?.repository ?? 'a provider';
  const completed = journalEntry('run.completed', decidedAt, {
    ...details,
    once: correlationId,
    summary: `Run ${run.runId} of ${where} completed: ${facts?.conclusion ?? 'no conclusion'}.`,
  });
  if (blocked === null) return [completed];
  const why = journalEntry('run.blocked', decidedAt, {
    ...details,
    once: `${correlationId}:${items.length}`,
    summary: `Run ${run.runId} of ${where} was not delivered: ${blocked}`,
    reason: blocked,
  });
  return [completed, why];
}

/** The deliveries of a decision, fifty an entry. */
function plannedEntries({ run, decidedAt }: Decided['document'], deliveries: readonly string[]): JournalEntry[] {
  const parts = Array.from({ length: Math.ceil(deliveries.length / idsPerEntry) }, (_, part) =>
    deliveries.slice(part * idsPerEntry, (part + 1) * idsPerEntry),
  );
  return parts.map((own) => ({ id: `plan-${own[0]}`, at: decidedAt, event: null, planned: { run, deliveries: own } }));
}
