import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  complete,
  decides,
  maxDeliveryCount,
  redeliveryDelayMs,
  type Bus,
  type BusMessage,
  type Consumer,
  type Received,
  type Settlement,
  type Writes,
} from './bus.ts';
import type { DocumentStore } from './document-store.ts';
import { journalEntry } from '../journal/entry.ts';
import { journalPage, type JournalPage } from '../journal/page.ts';
import { eventually } from './manual-clock.ts';

export interface BusUnderTest {
  readonly bus: Bus;
  readonly store: DocumentStore;
  advance(ms: number): void | Promise<void>;
  now(): number;
  close(): void | Promise<void>;
}

/** What every adapter of the bus port does. */
export function describeBus(name: string, open: () => Promise<BusUnderTest>): void {
  describe(`bus: ${name}`, () => {
    let under: BusUnderTest;
    let bus: Bus;
    const consumers: Consumer[] = [];
    /** Ids are of one test only: a shared bus may remember those of others. */
    let unique: string;

    beforeEach(async () => {
      under = await open();
      bus = under.bus;
      unique = crypto.randomUUID();
    });
    afterEach(async () => {
      await Promise.all(consumers.splice(0).map((consumer) => consumer.stop()));
      await under.close();
    });

    const message = (id: string, session = 'session-a', extra: Partial<BusMessage> = {}): BusMessage => ({
      queue: 'track',
      id: `message-${unique}-${id}`,
      session,
      body: { id },
      ...extra,
    });
    const nameOf = ({ id }: Received): string => id.slice(`message-${unique}-`.length);

    /** Consumes with a handler and remembers what it was given. */
    function collect(
      handler: (message: Received) => Settlement | Promise<Settlement> = () => complete,
      sessions = 8,
    ): string[] {
      const seen: string[] = [];
      consumers.push(
        bus.consume(
          'track',
          decides(async (received) => {
            seen.push(nameOf(received));
            return { settlement: await handler(received) };
          }),
          { sessions },
        ),
      );
      return seen;
    }

    test('a message is handled once, with its id, session and body', async () => {
      const got: Received[] = [];
      collect((received) => {
        got.push(received);
        return complete;
      });
      await bus.publish([message('1', 'session-x', { body: { text: '✓', n: 1 } })]);
      await eventually(() => got.length === 1, 'the message is handled');
      expect(got[0]).toMatchObject({
        id: `message-${unique}-1`,
        session: 'session-x',
        body: { text: '✓', n: 1 },
        deliveryCount: 1,
      });
      await eventually(async () => (await bus.depth('track')).waiting === 0, 'the queue is empty');
    });

    test('messages that came before the consumer are handled too', async () => {
      await bus.publish([message('1')]);
      const seen = collect();
      await eventually(() => seen.length === 1, 'the message is handled');
    });

    test('a session is handled in order, one message at a time', async () => {
      const order: string[] = [];
      let inHand = 0;
      collect(async (received) => {
        inHand += 1;
        expect(inHand).toBe(1);
        await new Promise((resolve) => setImmediate(resolve));
        order.push(nameOf(received));
        inHand -= 1;
        return complete;
      });
      for (const id of ['1', '2', '3', '4', '5']) await bus.publish([message(id)]);
      await eventually(() => order.length === 5, 'all are handled');
      expect(order).toEqual(['1', '2', '3', '4', '5']);
    });

    test('a session that takes long does not delay another', async () => {
      let release = (): void => undefined;
      const blocked = new Promise<void>((resolve) => {
        release = resolve;
      });
      const seen = collect(async ({ session }) => {
        if (session === 'slow') await blocked;
        return complete;
      });
      await bus.publish([message('1', 'slow'), message('2', 'slow'), message('3', 'quick')]);
      await eventually(() => seen.includes('3'), 'the quick session goes on');
      expect(seen).not.toContain('2');
      release();
      await eventually(() => seen.includes('2'), 'the slow session goes on');
    });

    test('a long backlog of one session does not delay a newcomer', async () => {
      await bus.publish(Array.from({ length: 50 }, (_, n) => message(`old-${n}`, 'busy')));
      const seen = collect(undefined, 2);
      await bus.publish([message('new', 'newcomer')]);
      await eventually(() => seen.includes('new'), 'the newcomer is handled');
      expect(seen.indexOf('new')).toBeLessThan(25);
    });

    test('as many sessions are handled at once as asked for, and no more', async () => {
      let inHand = 0;
      let most = 0;
      const gates: (() => void)[] = [];
      const seen = collect(async () => {
        inHand += 1;
        most = Math.max(most, inHand);
        await new Promise<void>((resolve) => gates.push(resolve));
        inHand -= 1;
        return complete;
      }, 3);
      await bus.publish(Array.from({ length: 12 }, (_, n) => message(String(n), `session-${n}`)));
      await eventually(() => inHand === 3, 'three are in hand');
      await eventually(() => {
        gates.splice(0).forEach((open) => open());
        return seen.length === 12 && inHand === 0;
      }, 'all are handled');
      expect(most).toBe(3);
    });

    test('the same id twice in the queue is one message', async () => {
      await bus.publish([message('1'), message('1')]);
      await bus.publish([message('1')]);
      const seen = collect();
      await eventually(async () => (await bus.depth('track')).waiting === 0, 'the queue is empty');
      expect(seen).toEqual(['1']);
    });

    test('a delayed message waits for its time and does not hold up its session', async () => {
      await bus.publish([message('later', 'session-a', { notBefore: under.now() + 60_000 }), message('now')]);
      const seen = collect();
      await eventually(() => seen.includes('now'), 'the other is handled');
      expect(seen).toEqual(['now']);
      await under.advance(60_000);
      await eventually(() => seen.includes('later'), 'the delayed one is handled');
    });

    test('again: comes back later with the new body, its count started anew', async () => {
      const got: Received[] = [];
      collect((received) => {
        got.push(received);
        return got.length === 1 ? { settle: 'again', at: under.now() + 5000, body: { step: 2 } } : complete;
      });
      await bus.publish([message('1'), message('2')]);
      await eventually(() => got.length === 2, 'the second goes ahead');
      expect(got.map(nameOf)).toEqual(['1', '2']);
      await under.advance(5000);
      await eventually(() => got.length === 3, 'the first comes back');
      expect(got[2]).toMatchObject({ session: 'session-a', body: { step: 2 }, deliveryCount: 1 });
    });

    test('a failing handler gets its message again after a wait that does not block the session', async () => {
      const counts: number[] = [];
      const others: string[] = [];
      collect((received) => {
        if (nameOf(received) !== 'bad') {
          others.push(nameOf(received));
          return complete;
        }
        counts.push(received.deliveryCount);
        if (counts.length === 1) throw new Error('not yet');
        return complete;
      });
      await bus.publish([message('bad'), message('good')]);
      await eventually(() => others.includes('good'), 'the session goes on');
      await under.advance(redeliveryDelayMs(1));
      await eventually(() => counts.length === 2, 'it is tried again');
      expect(counts).toEqual([1, 2]);
    });

    test(`after ${maxDeliveryCount} failures a message is a dead letter with the last reason, and can be revived`, async () => {
      let isBroken = true;
      const seen = collect(() => {
        if (isBroken) throw new Error('poison');
        return complete;
      });
      await bus.publish([message('1')]);
      for (let n = 1; n <= maxDeliveryCount; n += 1) {
        await eventually(() => seen.length === n, `try ${n}`);
        if (n < maxDeliveryCount) {
          await eventually(async () => (await bus.depth('track')).waiting === 1, 'it waits');
          await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
          await under.advance(redeliveryDelayMs(n));
        }
      }
      await eventually(async () => (await bus.depth('track')).dead === 1, 'it is dead');
      const { items } = await bus.deadLetters('track', { limit: 10 });
      expect(items).toMatchObject([
        { id: `message-${unique}-1`, session: 'session-a', body: { id: '1' }, deliveryCount: maxDeliveryCount },
      ]);
      expect(items[0]?.reason).toContain('poison');
      isBroken = false;
      expect(await bus.revive('track', `message-${unique}-1`)).toBe(true);
      await eventually(() => seen.length === maxDeliveryCount + 1, 'it is handled');
      expect(await bus.revive('track', `message-${unique}-1`)).toBe(false);
    });

    test('all dead letters of a queue are revived in their order, where an adapter can do it', async () => {
      let isBroken = true;
      const seen = collect(() => (isBroken ? { settle: 'deadLetter', reason: 'not now' } : complete));
      const ids = ['1', '2', '3'];
      for (const id of ids) await bus.publish([message(id)]);
      await eventually(async () => (await bus.depth('track')).dead === 3, 'all are dead');
      isBroken = false;
      expect(await bus.reviveAll('track')).toBe(3);
      await eventually(() => seen.length === 6, 'all are handled again');
      expect(seen).toEqual([...ids, ...ids]);
      expect(await bus.reviveAll('track')).toBe(0);
    });

    test('a handler can dead-letter at once, with its reason', async () => {
      const seen = collect(() => ({ settle: 'deadLetter', reason: 'makes no sense' }));
      await bus.publish([message('1'), message('2')]);
      await eventually(() => seen.length === 2, 'both are handled');
      await eventually(async () => (await bus.depth('track')).dead === 2, 'both are dead');
      const first = await bus.deadLetters('track', { limit: 1 });
      expect(first.items[0]?.reason).toBe('makes no sense');
      const second = await bus.deadLetters('track', { limit: 1, after: first.next ?? '' });
      expect(second.items.map(({ id }) => id)).toEqual([`message-${unique}-2`]);
      expect(second.next).toBeNull();
    });

    test('stop waits for the message in hand and takes no other', async () => {
      let release = (): void => undefined;
      const blocked = new Promise<void>((resolve) => {
        release = resolve;
      });
      const seen: string[] = [];
      const consumer = bus.consume(
        'track',
        decides(async (received) => {
          seen.push(nameOf(received));
          await blocked;
          return { settlement: complete };
        }),
        { sessions: 1 },
      );
      await bus.publish([message('1'), message('2')]);
      await eventually(() => seen.length === 1, 'one is in hand');
      const stopped = consumer.stop();
      release();
      await stopped;
      expect(seen).toEqual(['1']);
      expect((await bus.depth('track')).waiting).toBe(1);
    });

    test('competing consumers keep the sessions apart', async () => {
      const open = new Set<string>();
      const order = new Map<string, number[]>();
      const handler = decides(async ({ session, body }) => {
        expect(open.has(session)).toBe(false);
        open.add(session);
        await new Promise((resolve) => setImmediate(resolve));
        order.set(session, [...(order.get(session) ?? []), (body as { n: number }).n]);
        open.delete(session);
        return { settlement: complete };
      });
      for (let n = 0; n < 3; n += 1) consumers.push(bus.consume('track', handler, { sessions: 4 }));
      await bus.publish(Array.from({ length: 60 }, (_, n) => message(String(n), `session-${n % 6}`, { body: { n } })));
      await eventually(() => [...order.values()].flat().length === 60, 'all are handled');
      for (const handled of order.values()) expect(handled).toEqual([...handled].sort((a, b) => a - b));
    });

    const partitionOf = (name: string): string => `test:${unique}:${name}`;
    const read = async (name: string): Promise<object | null> =>
      (await under.store.get(partitionOf(name), 'document'))?.body ?? null;
    const creates = (name: string, body: object): Writes => ({
      partition: partitionOf(name),
      writes: [{ kind: 'create', id: 'document', body }],
    });

    test('an outcome writes its batches, publishes its messages and settles its message', async () => {
      const seen: string[] = [];
      const handler = decides(async (received) => {
        seen.push(nameOf(received));
        if (nameOf(received) !== '1') return { settlement: complete };
        return {
          batches: [creates('one', { n: 1 }), creates('two', { n: 2 })],
          messages: [message('2', 'session-b')],
          settlement: complete,
        };
      });
      consumers.push(bus.consume('track', handler, { sessions: 4 }));
      await bus.publish([message('1')]);
      await eventually(() => seen.includes('2'), 'the message of the outcome is handled');
      expect(await read('one')).toEqual({ n: 1 });
      expect(await read('two')).toEqual({ n: 2 });
      await eventually(async () => (await bus.depth('track')).waiting === 0, 'the queue is empty');
      expect(seen).toEqual(['1', '2']);
    });

    test('a conflict asks for the decision again, and repeats nothing that the handler did before', async () => {
      await bus.commit({ batches: [creates('taken', { by: 'somebody' })] });
      let sideEffects = 0;
      let decisions = 0;
      consumers.push(
        bus.consume(
          'track',
          async () => {
            sideEffects += 1;
            return async () => {
              decisions += 1;
              const batches = [decisions < 3 ? creates('taken', { by: 'me' }) : creates('free', { by: 'me' })];
              return { batches, messages: [], settlement: complete };
            };
          },
          { sessions: 1 },
        ),
      );
      await bus.publish([message('1')]);
      await eventually(async () => (await read('free')) !== null, 'the third decision takes effect');
      expect({ sideEffects, decisions }).toEqual({ sideEffects: 1, decisions: 3 });
      expect(await read('taken')).toEqual({ by: 'somebody' });
    });

    test('nothing is published by a decision that met a conflict', async () => {
      await bus.commit({ batches: [creates('taken', {})] });
      let decisions = 0;
      const seen: string[] = [];
      const handler = decides(async (received) => {
        seen.push(nameOf(received));
        if (nameOf(received) !== '1') return { settlement: complete };
        decisions += 1;
        return decisions === 1
          ? { batches: [creates('taken', {})], messages: [message('wrong', 'session-b')], settlement: complete }
          : { messages: [message('right', 'session-b')], settlement: complete };
      });
      consumers.push(bus.consume('track', handler, { sessions: 4 }));
      await bus.publish([message('1')]);
      await eventually(() => seen.includes('right'), 'the second decision takes effect');
      await eventually(async () => (await bus.depth('track')).waiting === 0, 'the queue is empty');
      expect(seen).not.toContain('wrong');
    });

    test('a decision that throws brings its message again', async () => {
      let decisions = 0;
      consumers.push(
        bus.consume(
          'track',
          decides(async () => {
            decisions += 1;
            if (decisions === 1) throw new Error('not visible yet');
            return { batches: [creates('late', {})], settlement: complete };
          }),
          { sessions: 1 },
        ),
      );
      await bus.publish([message('1')]);
      await eventually(() => decisions === 1, 'it is tried');
      await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
      await under.advance(redeliveryDelayMs(1));
      await eventually(async () => (await read('late')) !== null, 'it is tried again');
      await eventually(async () => (await bus.depth('track')).waiting === 0, 'the queue is empty');
    });

    test('an outcome may both write and come again', async () => {
      let turns = 0;
      consumers.push(
        bus.consume(
          'track',
          decides(async () => {
            turns += 1;
            return turns === 1
              ? { batches: [creates('first', {})], settlement: { settle: 'again', at: under.now() + 5000 } }
              : { batches: [creates('second', {})], settlement: complete };
          }),
          { sessions: 1 },
        ),
      );
      await bus.publish([message('1')]);
      await eventually(async () => (await read('first')) !== null, 'the first turn takes effect');
      expect(await read('second')).toBeNull();
      await under.advance(5000);
      await eventually(async () => (await read('second')) !== null, 'the second turn takes effect');
    });

    test('work without a message of its own is committed, or not at all when its first batch meets a conflict', async () => {
      const seen = collect();
      const work = { batches: [creates('one', { n: 1 })], messages: [message('1')] };
      expect((await bus.commit(work)).committed).toBe(true);
      await eventually(() => seen.includes('1'), 'its message is handled');
      const again = await bus.commit({ batches: [creates('one', { n: 2 })], messages: [message('2')] });
      expect(again).toEqual({ committed: false, conflict: 'document' });
      expect(await read('one')).toEqual({ n: 1 });
      await bus.publish([message('3')]);
      await eventually(() => seen.includes('3'), 'what comes after is handled');
      expect(seen).toEqual(['1', '3']);
    });

    test('what an outcome reports is in the journal, once, however often it is done', async () => {
      const entry = journalEntry('run.completed', under.now(), { once: unique, summary: 'It ran.' });
      const page = journalPage([entry]);
      await bus.commit({ journal: [entry] });
      await bus.commit({ journal: [entry] });
      const pages = await under.store.list<JournalPage>(page.partition, { limit: 1000, prefix: '' });
      expect(pages.items.flatMap(({ body }) => body.entries).filter(({ id }) => id === entry.id)).toEqual([entry]);
    });
  });
}
