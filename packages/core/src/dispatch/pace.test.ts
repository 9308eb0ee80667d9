import { describe, expect, test } from '@jest/globals';
import type { Body, DocumentStore, Stored } from '../ports/document-store.ts';
import { MemoryPace, StoredPace, type Pace, type PaceLimits } from './pace.ts';

/** One document for each partition, and a write that asks for the last ETag. */
function memoryStore(): DocumentStore {
  const documents = new Map<string, Stored<Body>>();
  let etag = 0;
  return {
    get: async <T extends Body>(partition: string) => (documents.get(partition) ?? null) as Stored<T> | null,
    async commit({ partition, writes: [write] }) {
      if (!write || write.kind === 'delete') throw new Error('not asked for here');
      const known = documents.get(partition);
      if (write.kind === 'replace' ? known?.etag !== write.etag : known)
        return { committed: false, conflict: write.id };
      documents.set(partition, { id: write.id, etag: String((etag += 1)), body: write.body });
      return { committed: true, etags: {} };
    },
    list: async () => ({ items: [], next: null }),
  };
}

const keepers: readonly [string, (limits: PaceLimits) => Pace][] = [
  ['in memory', (limits) => new MemoryPace(limits)],
  ['in the store', (limits) => new StoredPace(limits, memoryStore())],
];

describe.each(keepers)('pace %s', (_, keep) => {
  const reserveAll = async (pace: Pace, installation: string, count: number, nowMs: number): Promise<number[]> => {
    const slots: number[] = [];
    for (let n = 0; n < count; n += 1) slots.push(await pace.reserve(installation, nowMs));
    return slots;
  };

  test('a burst at once, then one at a time at the rate', async () => {
    const pace = keep({ perMinute: 60, burst: 3 });
    expect(await reserveAll(pace, 'a', 6, 10_000)).toEqual([10_000, 10_000, 10_000, 11_000, 12_000, 13_000]);
  });

  test('who comes back at the time he was given goes ahead, without taking another', async () => {
    const pace = keep({ perMinute: 60, burst: 1 });
    await pace.reserve('a', 0);
    const slot = await pace.reserve('a', 0);
    expect(await pace.reserve('a', slot, slot)).toBe(slot);
    expect(await pace.reserve('a', slot)).toBe(slot + 1000);
  });

  test('installations do not wait for each other', async () => {
    const pace = keep({ perMinute: 60, burst: 1 });
    await reserveAll(pace, 'busy', 100, 0);
    expect(await pace.reserve('quiet', 0)).toBe(0);
  });

  test('after a request for quiet nothing goes out before its end, not even who had a time, and then no burst', async () => {
    const pace = keep({ perMinute: 60, burst: 5 });
    const early = await pace.reserve('a', 0);
    await pace.hush('a', 60_000);
    await pace.hush('a', 30_000);
    expect(await pace.reserve('a', 0, early)).toBe(60_000);
    expect(await pace.reserve('a', 60_000)).toBe(61_000);
    expect(await pace.reserve('b', 0)).toBe(0);
  });

  test('a pause restores the burst and no more', async () => {
    const pace = keep({ perMinute: 60, burst: 2 });
    await reserveAll(pace, 'a', 4, 0);
    expect(await reserveAll(pace, 'a', 3, 3_600_000)).toEqual([3_600_000, 3_600_000, 3_601_000]);
  });
});

test('two processes on one store share the rate', async () => {
  const store = memoryStore();
  const limits = { perMinute: 60, burst: 1 };
  const [one, other] = [new StoredPace(limits, store), new StoredPace(limits, store)];
  expect([await one.reserve('a', 0), await other.reserve('a', 0), await one.reserve('a', 0)]).toEqual([0, 1000, 2000]);
});
