import { digest } from '../identity/digest.ts';
import { journalPartition, timedId } from '../identity/keys.ts';
import type { Writes } from '../ports/bus.ts';
import type { JournalEntry } from './entry.ts';

const dayMs = 86_400_000;

/** A page of the journal: entries that were written together, oldest first. */
export interface JournalPage {
  readonly entries: readonly JournalEntry[];
}

export const journalKeptDays = 30;
/** A partition of Cosmos DB takes 10,000 request units a second: some 1,500 pages. This is for sixteen times as many. */
export const journalShards = 16;
/** More entries are more pages. */
export const maxPageEntries = 100;

export const journalDay = (atMs: number): number => Math.floor(atMs / dayMs);

/** Entries as one document, under a name that the same entries always have. */
export function journalPage(entries: readonly [JournalEntry, ...JournalEntry[]]): Writes {
  const { at } = entries[0];
  const key = digest(...entries.map(({ id }) => id)).slice(0, 24);
  const shard = Number.parseInt(key.slice(0, 8), 16) % journalShards;
  const body: JournalPage = { entries };
  return {
    partition: journalPartition(journalDay(at), shard),
    writes: [{ kind: 'put', id: timedId(at, key), body, expiresAt: at + journalKeptDays * dayMs }],
  };
}
