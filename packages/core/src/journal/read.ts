import type { DocumentStore } from '../ports/document-store.ts';
import type { JournalEntry } from './entry.ts';
import type { JournalPage } from './page.ts';
import { journalTimeline, placeAt, readTimelineItems } from './timeline.ts';

/** An entry, and where reading goes on after it. */
export interface Found {
  readonly entry: JournalEntry;
  readonly next: string;
}

/** Pages that are read at once. */
const pagesAtOnce = 50;

/**
 * The journal, newest first.
 *
 * @param after the `next` of the last entry that was taken: `<n>@<place>`, the n-th entry of the page behind that place
 * @param sinceMs entries of days before this time are not looked for
 */
export async function* readJournal(
  store: Pick<DocumentStore, 'list'>,
  nowMs: number,
  after: string | undefined,
  sinceMs = 0,
): AsyncGenerator<Found> {
  const start = after === undefined ? null : /^(\d{1,3})@(.*)$/s.exec(after);
  let skipped = Number(start?.[1] ?? 0);
  let place = start?.[2] ?? '';
  for (;;) {
    const page = await readTimelineItems<JournalPage>(store, journalTimeline, nowMs, {
      after: place === '' ? undefined : place,
      limit: pagesAtOnce,
      sinceMs,
    });
    for (const { body, place: here } of page.items) {
      const newestFirst = body.entries.toReversed();
      for (const [index, entry] of newestFirst.entries()) {
        if (index < skipped) continue;
        const isLast = index === newestFirst.length - 1;
        yield { entry, next: isLast ? `0@${here}` : `${index + 1}@${place}` };
      }
      skipped = 0;
      place = here;
    }
    if (page.next === null) return;
    place = page.next;
  }
}

/** Where to go on reading for entries of this time and before. */
export const journalPlaceAt = (atMs: number): string => `0@${placeAt(journalTimeline, atMs)}`;
