import { digest } from '../identity/digest.ts';
import type { Writes } from '../ports/bus.ts';
import type { JournalEntry } from './entry.ts';
import { bucketOf, journalTimeline, timelineEntry } from './timeline.ts';

/** A page of the journal: entries that were written together, oldest first. */
export interface JournalPage {
  readonly entries: readonly JournalEntry[];
}

/** More entries are more pages. */
export const maxPageEntries = 100;

/** Entries of one day are on pages of that day. */
export const journalDay = (atMs: number): number => bucketOf(journalTimeline, atMs);

/** Entries as one document, under a name that the same entries always have. */
export function journalPage(entries: readonly [JournalEntry, ...JournalEntry[]]): Writes {
  const key = digest(...entries.map(({ id }) => id)).slice(0, 24);
  const { partition, id, expiresAt } = timelineEntry(journalTimeline, entries[0].at, key);
  const body: JournalPage = { entries };
  return { partition, writes: [{ kind: 'put', id, body, expiresAt }] };
}
