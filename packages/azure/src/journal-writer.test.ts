import { beforeEach, expect, test } from '@jest/globals';
import { journalEntry, type Batch, type CommitResult, type JournalEntry, type JournalPage } from '@zekt/core';
import { ManualClock } from '@zekt/core/testing';
import { JournalWriter } from './journal-writer.ts';

let clock: ManualClock;
let writer: JournalWriter;
/** Ids of the entries of each page, in the order of their writing. */
let pages: string[][];
let isBroken: (ids: readonly string[]) => boolean;
/** Ends the pieces of work that make the writer believe that more may come. */
let endWork: () => void;

const entry = (name: string, at = clock.now()): JournalEntry =>
  journalEntry('run.completed', at, { once: name, summary: name });
const names = ({ writes: [write] }: Pick<Batch, 'writes'>): string[] =>
  write && 'body' in write ? (write.body as JournalPage).entries.map(({ event }) => event?.summary ?? '') : [];
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

beforeEach(() => {
  clock = new ManualClock();
  pages = [];
  isBroken = () => false;
  const commit = async (batch: Batch): Promise<CommitResult> => {
    const ids = names(batch);
    pages.push(ids);
    if (isBroken(ids)) throw new Error('the store is away');
    return { committed: true, etags: {} };
  };
  writer = new JournalWriter({ store: { commit }, clock });
  void writer.during(() => new Promise<void>((resolve) => (endWork = resolve)));
});

/** As an outcome does. */
const keep = (...entries: JournalEntry[]): Promise<void> => writer.during(() => writer.keep(entries));

test('an entry that comes when none was written lately is written at once', async () => {
  await keep(entry('first'));
  clock.advance(250);
  await keep(entry('second'));
  expect(pages).toEqual([['first'], ['second']]);
});

test('entries that come close together share a page, a quarter of a second after the first', async () => {
  await keep(entry('alone'));
  const kept = [keep(entry('a')), keep(entry('b'), entry('c'))];
  clock.advance(249);
  await turn();
  expect(pages).toEqual([['alone']]);
  clock.advance(1);
  await Promise.all(kept);
  expect(pages).toEqual([['alone'], ['a', 'b', 'c']]);
});

test('a page that is full is written at once, and what did not fit begins the next', async () => {
  await keep(entry('alone'));
  const kept = Array.from({ length: 101 }, (_, n) => keep(entry(`e${n}`)));
  await Promise.all(kept.slice(0, 100));
  expect(pages.map(({ length }) => length)).toEqual([1, 100]);
  clock.advance(250);
  await Promise.all(kept);
  expect(pages.map(({ length }) => length)).toEqual([1, 100, 1]);
});

test('a page waits for nobody when all who work here wait for it', async () => {
  await keep(entry('alone'));
  const waiting = keep(entry('a'));
  await turn();
  expect(pages).toEqual([['alone']]);
  endWork();
  await waiting;
  expect(pages).toEqual([['alone'], ['a']]);
});

test('an outcome is not done before its page is kept, and fails with it; other pages do not', async () => {
  await keep(entry('alone'));
  isBroken = (ids) => ids.includes('a');
  const together = [keep(entry('a')), keep(entry('b'))];
  clock.advance(250);
  const next = keep(entry('c'));
  clock.advance(250);
  const results = await Promise.allSettled([...together, next]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
});

test('a page holds the same entry once, and the oldest first', async () => {
  await keep(entry('alone'));
  const at = clock.now();
  const kept = [keep(entry('late', at + 2)), keep(entry('early', at + 1), entry('late', at + 2))];
  clock.advance(250);
  await Promise.all(kept);
  expect(pages[1]).toEqual(['early', 'late']);
});

test('entries of two days never share a page: who reads a day finds all of it there', async () => {
  const midnight = Math.ceil(clock.now() / 86_400_000) * 86_400_000;
  await keep(entry('alone'));
  const kept = [keep(entry('before', midnight - 1)), keep(entry('after', midnight))];
  clock.advance(250);
  await Promise.all(kept);
  expect(pages).toEqual([['alone'], ['before'], ['after']]);
});

test('more entries than a page takes are refused', async () => {
  const many = Array.from({ length: 101 }, (_, n) => entry(`e${n}`));
  await expect(keep(...many)).rejects.toThrow(RangeError);
});
