import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  complete,
  decides,
  journalEntry,
  journalPage,
  silentLog,
  type BusMessage,
  type Handler,
  type JournalPage,
  type Writes,
} from '@zekt/core';
import { eventually, ManualClock } from '@zekt/core/testing';
import { startDoubles, type Doubles } from './on-doubles.ts';
import { openAzure, type Azure } from './open-azure.ts';
import { readAzureSettings } from './settings.ts';

// A worker dies between any two lines of an outcome; the next one finds what is there and does the rest.

let clock: ManualClock;
let doubles: Doubles;
const opened: Azure[] = [];

const open = async (): Promise<Azure> => {
  const settings = readAzureSettings(doubles.environment, []);
  if (!settings) throw new Error('the doubles have no settings');
  const azure = await openAzure(settings, silentLog, clock);
  opened.push(azure);
  return azure;
};
beforeEach(async () => {
  clock = new ManualClock();
  doubles = await startDoubles({ clock, lockMs: 3000 });
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((azure) => azure.close()));
  await doubles.stop();
});

const first: BusMessage = { queue: 'track', id: 'message-1', session: 'session-1', body: {} };
const followUp: BusMessage = { queue: 'track', id: 'message-2', session: 'session-2', body: {} };
const entry = (at: number) => journalEntry('run.completed', at, { once: 'run-1', summary: 'It ran.' });
const creates = (partition: string): Writes => ({
  partition,
  writes: [{ kind: 'create', id: 'document', body: { partition } }],
});

/** Writes what is not there yet, as a decision that may come twice must. */
const handlerOn = ({ store }: Azure, handled: string[]): Handler =>
  decides(async ({ id }) => {
    handled.push(id);
    if (id !== first.id) return { settlement: complete };
    const missing: Writes[] = [];
    for (const partition of ['one', 'two'])
      if (!(await store.get(partition, 'document'))) missing.push(creates(partition));
    return { batches: missing, journal: [entry(clock.now())], messages: [followUp], settlement: complete };
  });

/** Stops at the n-th effect, 1 at the first, for ever: before it is done or after. */
function dieAt({ store, bus }: Azure, n: number, when: 'before' | 'after', onDeath: () => void): void {
  let count = 0;
  const effect = async <T>(work: () => Promise<T>): Promise<T> => {
    count += 1;
    if (count === n && when === 'after') await work();
    if (count < n) return work();
    onDeath();
    return new Promise(() => undefined);
  };
  const commit = store.commit.bind(store);
  const send = bus.send.bind(bus);
  store.commit = (batch) => effect(() => commit(batch));
  bus.send = (parcels) => effect(() => send(parcels));
}

const effects = ['the first batch', 'the second batch', 'the journal', 'the messages'];
const points = effects.flatMap((name, index) =>
  (['before', 'after'] as const).map((when) => [when, name, index + 1] as const),
);

test.each(points)('a worker that dies %s %s leaves the rest to the next', async (when, _, n) => {
  const [dying, next] = [await open(), await open()];
  await next.bus.publish([first]);
  let isDead = false;
  dieAt(dying, n, when, () => {
    isDead = true;
    doubles.serviceBus.dropConnections();
  });
  const grave = dying.bus.consume('track', handlerOn(dying, []), { sessions: 1 });
  await eventually(() => isDead, 'the first worker is dead');
  await expectAllDone(next);
  // Its work never ends, so there is nothing to wait for.
  void grave.stop();
});

test('a worker that dies after the messages, before the settlement, leaves the rest to the next', async () => {
  const [dying, next] = [await open(), await open()];
  await next.bus.publish([first]);
  let hasPublished = false;
  const send = dying.bus.send.bind(dying.bus);
  dying.bus.send = async (parcels) => {
    await send(parcels);
    hasPublished = true;
    doubles.serviceBus.loseLocks('track');
  };
  const consumer = dying.bus.consume('track', handlerOn(dying, []), { sessions: 1 });
  await eventually(() => hasPublished, 'the messages are out');
  await consumer.stop();
  await expectAllDone(next);
});

/** Each document once, the entry in the journal, the message that follows handled, nothing left and nothing dead. */
async function expectAllDone(azure: Azure): Promise<void> {
  const handled: string[] = [];
  const consumer = azure.bus.consume('track', handlerOn(azure, handled), { sessions: 2 });
  await eventually(() => handled.includes(followUp.id), 'what follows is handled');
  await eventually(async () => (await azure.bus.depth('track')).waiting === 0, 'the queue is empty');
  await consumer.stop();
  for (const partition of ['one', 'two'])
    expect((await azure.store.get(partition, 'document'))?.body).toEqual({ partition });
  const { partition } = journalPage([entry(clock.now())]);
  const pages = await azure.store.list<JournalPage>(partition, { limit: 100 });
  expect(new Set(pages.items.flatMap(({ body }) => body.entries.map(({ id }) => id)))).toEqual(
    new Set([entry(clock.now()).id]),
  );
  expect((await azure.bus.depth('track')).dead).toBe(0);
}
