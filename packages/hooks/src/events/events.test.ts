import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { TimedOutError } from '@zekt/egress';
import fc from 'fast-check';
import { instance } from '../scope.ts';
import { changeScope } from '../manage/change-scope.ts';
import { removeTarget } from '../manage/change-target.ts';
import { deliveryEvent, EventWorld, type Crash } from '../testing/event-world.ts';
import { mostPending } from './aggregate-document.ts';
import { listDeadLetters, replayDeadLetter } from './dead-letters.ts';

let world: EventWorld;
beforeEach(async () => {
  world = new EventWorld();
  await world.setUp({ a: 'restWebhook', b: 'restWebhook' }, 'event:delivery.*');
});
afterEach(() => world.opened.embedded.close());

const toldTo = (target: string): string[] => world.told.filter((it) => it.target === target).map((it) => it.eventId);
const dead = async () => (await listDeadLetters(world.opened.embedded.store, instance, undefined, 100)).items;
const of = (status: number, headers: Record<string, string> = {}) => ({ status, headers });

test('every target of the execution that wins is told, in order', async () => {
  for (const id of ['1', '2', '3']) await world.tell(deliveryEvent(id));
  await world.tell(deliveryEvent('other', 'delivery-2'));
  await world.tell({ ...deliveryEvent('r'), type: 'run.completed' });
  await world.settle();
  expect(toldTo('a').filter((id) => id !== 'other')).toEqual(['1', '2', '3']);
  expect(toldTo('b')).toHaveLength(4);
  expect(world.told.find(({ eventId }) => eventId === '2')).toMatchObject({ sequence: 2, attempt: 1 });
});

test('an event that is told again is told to nobody again', async () => {
  await world.tell(deliveryEvent('1'));
  await world.settle();
  await world.tell(deliveryEvent('1'));
  await world.settle();
  expect(toldTo('a')).toEqual(['1']);
});

test('a call is signed as Standard Webhooks has it, too, under an id that stays the same', async () => {
  world.answers.set('a', [of(500)]);
  await world.tell(deliveryEvent('1'));
  await world.settle();
  const [first, second] = world.told.filter(({ target }) => target === 'a');
  expect([first?.attempt, second?.attempt]).toEqual([1, 2]);
  expect(first?.headers['webhook-id']).toBe(first?.deliveryId);
  expect(second?.headers['Zekt-Delivery']).toBe(first?.deliveryId);
  expect(first?.headers['webhook-signature']).toMatch(/^v1,/);
});

test.each([408, 425, 429, 500, 503])('%d is tried again, and what comes after waits', async (status) => {
  world.answers.set('a', [of(status), of(status)]);
  await world.tell(deliveryEvent('1'));
  await world.tell(deliveryEvent('2'));
  await world.settle();
  expect(toldTo('a')).toEqual(['1', '1', '1', '2']);
  expect(toldTo('b')).toEqual(['1', '2']);
});

test.each([301, 400, 401, 404, 410])('%d is a dead letter at once, and the next one is told', async (status) => {
  world.answers.set('a', [of(status)]);
  await world.tell(deliveryEvent('1'));
  await world.tell(deliveryEvent('2'));
  await world.settle();
  expect(toldTo('a')).toEqual(['1', '2']);
  expect(await dead()).toMatchObject([{ target: 'a', eventId: '1', attempts: 1, status, failure: 'status' }]);
});

test('six tries at 5 s, 30 s, 2 min, 10 min and 1 h; then it is a dead letter', async () => {
  const { clock } = world.opened;
  world.answers.set(
    'a',
    Array.from({ length: 6 }, () => new TimedOutError('no answer')),
  );
  await world.tell(deliveryEvent('1'));
  const startedAt = clock.now();
  await world.settle();
  const tries = (await world.log()).filter(({ target }) => target === 'a');
  expect(tries.map(({ at }) => (Date.parse(at) - startedAt) / 1000)).toEqual([0, 5, 35, 155, 755, 4355]);
  expect(tries.map(({ outcome }) => outcome)).toEqual([...Array<string>(5).fill('again'), 'deadlettered']);
  expect(await dead()).toMatchObject([{ attempts: 6, status: null, failure: 'timeout' }]);
});

test('a target that asks for more time gets it', async () => {
  const { clock } = world.opened;
  world.answers.set('a', [of(429, { 'retry-after': '600' })]);
  await world.tell(deliveryEvent('1'));
  const startedAt = clock.now();
  await world.settle();
  expect(clock.now() - startedAt).toBe(600_000);
});

test('a slow target delays no other', async () => {
  world.answers.set('a', [of(500), of(500), of(500)]);
  for (const id of ['1', '2', '3']) await world.tell(deliveryEvent(id));
  while (await world.step());
  expect([toldTo('a'), toldTo('b')]).toEqual([['1'], ['1', '2', '3']]);
});

test('a turn that was lost with its message is given again', async () => {
  world.answers.set('a', [of(500)]);
  for (const id of ['1', '2']) await world.tell(deliveryEvent(id));
  // The second event's own message comes before its turn, and is done with.
  while (await world.step());
  world.opened.clock.advance(5_000);
  await world.step('before the messages');
  await world.settle();
  expect(toldTo('a')).toEqual(['1', '1', '2']);
});

test('what is not waited for is tried once', async () => {
  await world.setUp({ c: 'restAsync' }, 'event:delivery.*');
  world.answers.set('c', [of(500)]);
  await world.tell(deliveryEvent('1'));
  await world.settle();
  expect(toldTo('c')).toEqual(['1']);
});

test('a dead letter that is replayed has its tries before it, and keeps its id', async () => {
  world.answers.set('a', [of(400)]);
  await world.tell(deliveryEvent('1'));
  await world.settle();
  const [letter] = await dead();
  world.answers.set('a', [of(500)]);
  await replayDeadLetter(world.opened.embedded.store, instance, letter?.deliveryId ?? '');
  expect(await dead()).toEqual([]);
  // The embedded store's own queue has the message; this world's has it by hand.
  await world.tell(deliveryEvent('1'));
  await world.settle();
  expect(world.told.filter(({ target }) => target === 'a').map(({ attempt }) => attempt)).toEqual([1, 1, 2]);
  expect(new Set(world.told.filter(({ target }) => target === 'a').map(({ deliveryId }) => deliveryId)).size).toBe(1);
  await expect(replayDeadLetter(world.opened.embedded.store, instance, 'hook-none')).rejects.toMatchObject({
    code: 'not_found',
  });
});

test('a target that was removed meanwhile is not called; the log says so', async () => {
  await world.tell(deliveryEvent('1'));
  await removeTarget(world.opened.context, instance, 'a');
  await world.settle();
  expect([toldTo('a'), toldTo('b')]).toEqual([[], ['1']]);
  expect((await world.log()).find(({ target }) => target === 'a')?.outcome).toBe('dropped');
});

test('what a target waits for too long a queue of is a dead letter, and no other is delayed', async () => {
  for (let n = 0; n <= mostPending; n += 1) await world.tell(deliveryEvent(String(n)));
  expect(await dead()).toMatchObject([
    { eventId: String(mostPending), attempts: 0, failure: 'queue_full' },
    { eventId: String(mostPending), attempts: 0, failure: 'queue_full' },
  ]);
});

test("an account's executions hear of no events", async () => {
  const executions = [['event:*', [{ target: 'a' }]]] as const;
  const targets = [['a', { type: 'restWebhook', endpoint: 'https://127.0.0.1/', timeout: '1s' }]] as const;
  await expect(changeScope(world.opened.context, 'x.1', { targets, executions })).rejects.toMatchObject({
    code: 'hook_condition_invalid',
  });
});

test('however events, crashes and answers fall, each target is told in order, at least once, and never of what was noted as told', async () => {
  const crash = fc.constantFrom<Crash>('none', 'none', 'after the call', 'before the messages');
  const action = fc.oneof(
    fc.record({ event: fc.integer({ min: 0, max: 9 }), crash }),
    fc.record({ step: crash }),
    fc.record({ answer: fc.constantFrom(200, 200, 400, 500), to: fc.constantFrom('a', 'b') }),
    fc.record({ wait: fc.constantFrom(1_000, 40_000) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 40 }), async (actions) => {
      world = new EventWorld();
      await world.setUp({ a: 'restWebhook', b: 'restWebhook' });
      const accepted = new Set<string>();
      const aggregateOfEvent = (id: string): string => `delivery-${Number(id) % 2}`;
      for (const it of actions) {
        if ('event' in it) {
          const event = deliveryEvent(String(it.event), aggregateOfEvent(String(it.event)));
          await world.tell(event, it.crash);
          // Whoever was cut off is repeated by its queue.
          await world.tell(event);
          accepted.add(event.id);
        } else if ('step' in it) await world.step(it.step);
        else if ('answer' in it) world.answers.set(it.to, [...(world.answers.get(it.to) ?? []), of(it.answer)]);
        else world.opened.clock.advance(it.wait);
      }
      await world.settle();
      const log = await world.log();
      const lost = (await dead()).map(({ deliveryId }) => deliveryId);
      for (const target of ['a', 'b']) {
        const told = world.told.filter((call) => call.target === target);
        expect(new Set(told.map(({ eventId }) => eventId))).toEqual(accepted);
        for (const aggregate of ['delivery-0', 'delivery-1']) {
          const sequences = told
            .filter(({ eventId }) => aggregateOfEvent(eventId) === aggregate)
            .map((it) => it.sequence);
          expect(sequences).toEqual(sequences.toSorted((one, other) => one - other));
        }
        const ends = log.filter((it) => it.target === target && it.outcome !== 'again');
        expect(ends.map(({ eventId }) => eventId).sort()).toEqual([...accepted].sort());
        expect(lost).toEqual(
          expect.arrayContaining(ends.filter((it) => it.outcome === 'deadlettered').map((it) => it.deliveryId)),
        );
      }
      await world.opened.embedded.close();
    }),
    { numRuns: 60 },
  );
  world = new EventWorld();
});
