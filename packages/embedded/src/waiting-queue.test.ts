import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { WaitingQueue, type Entry } from './waiting-queue.ts';

const entryOf = (seq: number, session: string, visibleAt: number): Entry => ({
  queue: 'track',
  session,
  id: `m${seq}`,
  seq,
  visibleAt,
  deliveries: 0,
  body: null,
  isSuspect: false,
});

const filled = (entries: readonly Entry[]): WaitingQueue => {
  const queue = new WaitingQueue(() => undefined);
  for (const entry of entries) {
    queue.reserve(entry.id);
    queue.add(entry);
  }
  return queue;
};

test('whatever is added, each session gives its visible messages one at a time, by visibility and then by age', () => {
  const entries = fc.array(fc.record({ session: fc.constantFrom('a', 'b', 'c'), visibleAt: fc.nat({ max: 20 }) }), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(entries, fc.nat({ max: 25 }), (wanted, now) => {
      const all = wanted.map(({ session, visibleAt }, seq) => entryOf(seq, session, visibleAt));
      const queue = filled(all);
      const given: Entry[] = [];
      for (;;) {
        const held: Entry[] = [];
        for (let entry = queue.claim(now); entry; entry = queue.claim(now)) held.push(entry);
        expect(new Set(held.map(({ session }) => session)).size).toBe(held.length);
        if (held.length === 0) break;
        given.push(...held);
        for (const { session } of held) queue.free(session, now);
      }
      for (const session of ['a', 'b', 'c']) {
        const due = all.filter((it) => it.session === session && it.visibleAt <= now);
        const order = due.sort((x, y) => x.visibleAt - y.visibleAt || x.seq - y.seq);
        expect(given.filter((it) => it.session === session)).toEqual(order);
      }
    }),
    { numRuns: 300 },
  );
});

test('a session that was freed waits behind those that are ready already', () => {
  const queue = filled([entryOf(1, 'busy', 0), entryOf(2, 'busy', 0), entryOf(3, 'new', 5)]);
  expect(queue.claim(10)?.seq).toBe(1);
  queue.free('busy', 10);
  expect(queue.claim(10)?.seq).toBe(3);
});

test('it tells when the next message can be claimed, and that nothing can while its session is held', () => {
  const queue = filled([entryOf(1, 'a', 7), entryOf(2, 'a', 9)]);
  expect(queue.nextAt()).toBe(7);
  expect(queue.claim(6)).toBeNull();
  expect(queue.claim(7)?.seq).toBe(1);
  expect(queue.nextAt()).toBeNull();
  queue.free('a', 8);
  expect(queue.nextAt()).toBe(9);
});

test('an id that is in the queue is not taken twice', () => {
  const queue = filled([entryOf(1, 'a', 0)]);
  expect(queue.reserve('m1')).toBe(false);
  queue.forget('m1');
  expect(queue.reserve('m1')).toBe(true);
});
