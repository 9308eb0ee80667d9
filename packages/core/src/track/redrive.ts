import { redriveHint } from '../hints.ts';
import { runKeyOf } from '../identity/keys.ts';
import { readJournal } from '../journal/read.ts';
import type { Bus } from '../ports/bus.ts';
import type { DocumentStore } from '../ports/document-store.ts';

/** Entries of the journal that one call looks at. */
const maxExamined = 2000;
const hintsAtOnce = 100;

export interface Redriven {
  /** Runs that were hinted at, or would have been. */
  readonly runs: number;
  /** For the next call; null when everything since was looked at. */
  readonly next: string | null;
}

/**
 * Hints anew at every run that the journal tells of since a time: for a bus that was lost, with what was on its way in it. What was sent is
 * not sent again, since each step finds what it has done.
 *
 * @param occasion tells this call's hints from those of others; `isDryRun`: only counts
 */
export async function redrive(
  {
    store,
    bus,
    issuer,
  }: { readonly store: Pick<DocumentStore, 'list'>; readonly bus: Pick<Bus, 'publish'>; readonly issuer: string },
  {
    sinceMs,
    nowMs,
    after,
    occasion,
    isDryRun = false,
  }: {
    readonly sinceMs: number;
    readonly nowMs: number;
    readonly after: string | undefined;
    readonly occasion: string;
    readonly isDryRun?: boolean;
  },
): Promise<Redriven> {
  const runs = new Set<string>();
  let examined = 0;
  let place: string | null = null;
  for await (const { entry, next } of readJournal(store, nowMs, after, sinceMs)) {
    if (entry.at < sinceMs) break;
    if (entry.event?.correlationId !== undefined) runs.add(entry.event.correlationId);
    examined += 1;
    if (examined < maxExamined) continue;
    place = next;
    break;
  }
  const keys = [...runs].map((correlationId) => runKeyOf(issuer, correlationId)).filter((run) => run !== null);
  for (let start = 0; start < keys.length && !isDryRun; start += hintsAtOnce)
    await bus.publish(keys.slice(start, start + hintsAtOnce).map((run) => redriveHint(run, occasion)));
  return { runs: keys.length, next: place };
}
