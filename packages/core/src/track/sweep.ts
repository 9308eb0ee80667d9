import { getRun } from '../correlate/run-document.ts';
import { messageHint, overdueHint } from '../hints.ts';
import { runKeyOf, serverPartition, sweepDocumentId, type RunKey } from '../identity/keys.ts';
import { journalPlaceAt, readJournal } from '../journal/read.ts';
import type { Bus, BusMessage } from '../ports/bus.ts';
import type { DocumentStore } from '../ports/document-store.ts';
import { updateDocument } from '../ports/update-document.ts';
import { messagesOf } from '../receive/message-document.ts';

export interface SweepContext {
  readonly store: DocumentStore;
  readonly bus: Pick<Bus, 'publish'>;
  readonly issuer: string;
  /** How long a message waits for its run's completion before GitHub is asked (ms). */
  readonly completionWaitMs: number;
}

/** Up to when the journal has been looked through (ms), for each question. */
interface Swept {
  readonly late: number;
  readonly overdue: number;
}

/** By then every reader sees what was written. */
const visibleAfterMs = 2 * 60_000;
/** The first sweep of all, at the first start, looks this far back. */
const firstLookMs = 86_400_000;
/** Entries that are this far apart may be on one page, in the place of the oldest. */
const pageSpanMs = 5000;
const hintsAtOnce = 100;

/** How often to sweep (ms): often enough for whatever waits. */
export const sweepEveryMs = (completionWaitMs: number): number =>
  Math.max(1000, Math.min(5 * 60_000, completionWaitMs / 4));

/**
 * Looks through what the journal says of messages that came a while ago, once for each: those that a decision of their run has missed
 * are hinted at again, and runs that have not been decided for too long are asked about.
 *
 * @returns how many hints were given
 */
export async function sweepMessages(context: SweepContext, nowMs: number): Promise<number> {
  const { store, completionWaitMs } = context;
  const late = nowMs - visibleAfterMs;
  const overdue = nowMs - completionWaitMs;
  const before = { late: late - firstLookMs, overdue: overdue - firstLookMs };
  const swept = (await store.get<Swept>(serverPartition, sweepDocumentId))?.body ?? before;
  const hints =
    (await sweep(context, nowMs, swept.late, late, (run, eventIds) => missed(store, run, eventIds, nowMs))) +
    (await sweep(context, nowMs, swept.overdue, overdue, (run) => undecided(store, run, nowMs)));
  await updateDocument<Swept>(store, serverPartition, sweepDocumentId, (current) => ({
    body: { late: Math.max(current?.late ?? 0, late), overdue: Math.max(current?.overdue ?? 0, overdue) },
  }));
  return hints;
}

/** Asks a question about each run that a message came for between two times. */
async function sweep(
  { store, bus, issuer }: SweepContext,
  nowMs: number,
  from: number,
  to: number,
  ask: (run: RunKey, eventIds: ReadonlySet<string>) => Promise<readonly BusMessage[]>,
): Promise<number> {
  const runs = new Map<string, Set<string>>();
  for await (const { entry } of readJournal(store, nowMs, journalPlaceAt(to), from - pageSpanMs)) {
    if (entry.at <= from - pageSpanMs) break;
    if (entry.at <= from) continue;
    const { type, correlationId, eventId } = entry.event ?? {};
    if (type !== 'message.received' || correlationId === undefined || eventId === undefined) continue;
    runs.set(correlationId, (runs.get(correlationId) ?? new Set()).add(eventId));
  }
  let given = 0;
  let hints: BusMessage[] = [];
  for (const [correlationId, eventIds] of runs) {
    const run = runKeyOf(issuer, correlationId);
    if (run) hints.push(...(await ask(run, eventIds)));
    if (hints.length < hintsAtOnce) continue;
    given += hints.length;
    await bus.publish(hints);
    hints = [];
  }
  if (hints.length > 0) await bus.publish(hints);
  return given + hints.length;
}

/** Messages that were not visible when their run was decided, nor the decision when they were looked at. */
async function missed(
  store: DocumentStore,
  run: RunKey,
  eventIds: ReadonlySet<string>,
  nowMs: number,
): Promise<BusMessage[]> {
  const found = await getRun(store, run);
  if (!found || found.body.expired) return [];
  const known = new Set(found.body.items.map(({ eventId }) => eventId));
  if ([...eventIds].every((id) => known.has(id))) return [];
  const messages = await messagesOf(store, run);
  return messages
    .filter(({ eventId }) => !known.has(eventId))
    .map(({ requestKey }) => messageHint(run, requestKey, `swept:${nowMs}`));
}

async function undecided(store: DocumentStore, run: RunKey, nowMs: number): Promise<BusMessage[]> {
  const found = await getRun(store, run);
  return !found || found.body.expired ? [overdueHint(run, String(nowMs))] : [];
}
