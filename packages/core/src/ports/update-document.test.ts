import { expect, test } from '@jest/globals';
import type { DocumentStore } from './document-store.ts';
import { updateDocument } from './update-document.ts';

/** A store where others win every time, up to a number of times. */
function contended(losses: number): DocumentStore {
  let commits = 0;
  return {
    get: async () => null,
    list: async () => ({ items: [], next: null }),
    commit: async () => {
      commits += 1;
      return commits > losses ? { committed: true, etags: {} } : { committed: false, conflict: 'document' };
    },
  };
}

test('a writer that loses waits before each new try, and tells how often it has lost', async () => {
  const pauses: number[] = [];
  const result = await updateDocument(
    contended(3),
    'partition',
    'document',
    () => ({ body: {} }),
    async (tries) => void pauses.push(tries),
  );
  expect(result.changed).toBe(true);
  expect(pauses).toEqual([0, 1, 2]);
});

test('a writer that always loses gives up and asks to be tried again', async () => {
  let pauses = 0;
  const losing = updateDocument(
    contended(Infinity),
    'partition',
    'document',
    () => ({ body: {} }),
    async () => void (pauses += 1),
  );
  await expect(losing).rejects.toMatchObject({ code: 'unavailable' });
  expect(pauses).toBe(30);
});
