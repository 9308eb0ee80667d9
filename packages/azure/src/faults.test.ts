import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  complete,
  decides,
  journalEntry,
  maxDeliveryCount,
  readJournal,
  redeliveryDelayMs,
  silentLog,
  updateDocument,
  type Bus,
  type BusMessage,
  type Handler,
  type Received,
  type Settlement,
} from '@zekt/core';
import { eventually, ManualClock } from '@zekt/core/testing';
import { maxInlineBytes } from './claim-check.ts';
import { fromWire } from './envelope.ts';
import { startDoubles, type Doubles } from './on-doubles.ts';
import { openAzure, type Azure } from './open-azure.ts';
import { readAzureSettings } from './settings.ts';

let clock: ManualClock;
let doubles: Doubles;
let azure: Azure;

const open = async (): Promise<Azure> => {
  const settings = readAzureSettings(doubles.environment, []);
  if (!settings) throw new Error('the doubles have no settings');
  return openAzure(settings, silentLog, clock);
};
beforeEach(async () => {
  clock = new ManualClock();
  doubles = await startDoubles({ clock, lockMs: 3000 });
  azure = await open();
});
afterEach(async () => {
  doubles.cosmos.fault = () => undefined;
  doubles.serviceBus.isBusy = () => false;
  await azure.close();
  await doubles.stop();
});

const message = (id: string, extra: Partial<BusMessage> = {}): BusMessage => ({
  queue: 'track',
  id: `message-${id}`,
  session: `session-${id}`,
  body: { id },
  ...extra,
});

/** A handler that decides nothing but what becomes of its message. */
const settles = (settle: (received: Received) => Promise<Settlement>): Handler =>
  decides(async (received) => ({ settlement: await settle(received) }));

/** Runs while a consumer works. */
async function consuming(bus: Bus, handler: Handler, check: () => Promise<void>): Promise<void> {
  const consumer = bus.consume('track', handler, { sessions: 4 });
  try {
    await check();
  } finally {
    await consumer.stop();
  }
}

/** One commit with one message for each number. */
const commitAll = (count: number): Promise<unknown> =>
  Promise.all(
    Array.from({ length: count }, (_, n) =>
      azure.store.commit({
        partition: `p${n}`,
        writes: [{ kind: 'create', id: 'state', body: { n } }],
        messages: [message(String(n))],
      }),
    ),
  );

/** Every message is handled at least once, and its work is done exactly once. */
async function expectAllDone(count: number): Promise<void> {
  const done = new Map<string, number>();
  const handler: Handler = settles(async ({ id }) => {
    await updateDocument<{ times: number }>(azure.store, `work:${id}`, 'done', (current) =>
      current ? null : { body: { times: 1 } },
    );
    done.set(id, (await azure.store.get<{ times: number }>(`work:${id}`, 'done'))?.body.times ?? 0);
    return complete;
  });
  await consuming(azure.bus, handler, async () => {
    await eventually(() => {
      // A handler that a fault made throw gets its message again later, and time is in our hands.
      clock.advance(20);
      return done.size === count;
    }, 'every message is handled');
    await eventually(async () => {
      clock.advance(20);
      return (await azure.bus.depth('track')).waiting === 0;
    }, 'the queue is empty');
  });
  expect([...done.values()]).toEqual(Array.from({ length: count }, () => 1));
  expect((await azure.bus.depth('track')).dead).toBe(0);
}

test('a storm of 429 and some 503 are waited out', async () => {
  let request = 0;
  doubles.cosmos.fault = ({ kind }) => {
    request += 1;
    if (request % 3 === 0) return { kind: 'refuse', status: 429, retryAfterMs: 5 };
    if (kind === 'read' && request % 7 === 0) return { kind: 'refuse', status: 503 };
    return undefined;
  };
  await commitAll(12);
  await expectAllDone(12);
  expect(request).toBeGreaterThan(30);
});

test('an answer that is lost after the write is no conflict, and its messages are not lost', async () => {
  let cuts = 0;
  doubles.cosmos.fault = ({ kind }) =>
    kind === 'batch' && (cuts += 1) % 2 === 1 ? { kind: 'cut', when: 'after' } : undefined;
  const results = await Promise.allSettled(
    [0, 1, 2, 3].map((n) =>
      azure.store.commit({
        partition: `p${n}`,
        writes: [{ kind: 'create', id: 'state', body: { n } }],
        messages: [message(String(n))],
      }),
    ),
  );
  for (const result of results) if (result.status === 'fulfilled') expect(result.value.committed).toBe(true);
  doubles.cosmos.fault = () => undefined;
  // What the caller never heard of is in the outbox.
  clock.advance(6000);
  await azure.outbox.sweep();
  await expectAllDone(4);
});

test('writers that race for one document lose none of their changes', async () => {
  await Promise.all(
    Array.from({ length: 20 }, () =>
      updateDocument<{ count: number }>(azure.store, 'counter', 'count', (current) => ({
        body: { count: (current?.count ?? 0) + 1 },
      })),
    ),
  );
  expect((await azure.store.get('counter', 'count'))?.body).toEqual({ count: 20 });
});

test('messages stay in the outbox while the bus is busy, and the relay publishes them once it is not', async () => {
  doubles.serviceBus.isBusy = () => true;
  await commitAll(3);
  doubles.serviceBus.isBusy = () => false;
  expect(await azure.outbox.sweep()).toMatchObject({ published: 0 });
  clock.advance(6000);
  expect(await azure.outbox.sweep()).toMatchObject({ published: 3 });
  expect(await azure.outbox.sweep()).toMatchObject({ published: 0 });
  await expectAllDone(3);
}, 120_000);

test('relaying twice is harmless', async () => {
  const partition = 'p';
  await azure.store.commit({
    partition,
    writes: [{ kind: 'create', id: 'state', body: {} }],
    messages: [message('1')],
  });
  const outbox = { id: '~outbox~1', pk: partition, outboxAt: 0, outbox: await azure.store.pack([message('1')]) };
  await azure.outbox.relay([outbox, { id: 'state', pk: partition }, outbox]);
  expect((await azure.bus.depth('track')).waiting).toBe(1);
});

test('dropped connections, detached links and a busy server delay the work and lose none of it', async () => {
  await commitAll(5);
  let handled = 0;
  const seen = new Set<string>();
  const handler: Handler = settles(async ({ id }) => {
    handled += 1;
    if (handled === 2) doubles.serviceBus.dropConnections();
    if (handled === 4) doubles.serviceBus.detachLinks('track');
    seen.add(id);
    return complete;
  });
  await consuming(azure.bus, handler, async () => {
    await eventually(() => seen.size === 5, 'every message is handled');
    let refusals = 3;
    doubles.serviceBus.isBusy = () => (refusals -= 1) >= 0;
    await azure.bus.publish([message('late')]);
    await eventually(() => seen.size === 6, 'the later one, too');
    await eventually(async () => (await azure.bus.depth('track')).waiting === 0, 'the queue is empty');
  });
}, 120_000);

test('a lock that is lost in the middle of work brings the message to another worker, after the first', async () => {
  await azure.bus.publish([message('1')]);
  const counts: number[] = [];
  const handler: Handler = settles(async ({ deliveryCount }) => {
    counts.push(deliveryCount);
    if (counts.length === 1) doubles.serviceBus.loseLocks('track');
    return complete;
  });
  await consuming(azure.bus, handler, async () => {
    await eventually(async () => (await azure.bus.depth('track')).waiting === 0, 'the queue is empty');
  });
  expect(counts).toEqual([1, 2]);
}, 120_000);

test('a worker that dies leaves its message to the next', async () => {
  await azure.bus.publish([message('1')]);
  const other = await open();
  let isInHand = false;
  const dead = other.bus.consume(
    'track',
    settles(async () => {
      isInHand = true;
      doubles.serviceBus.dropConnections();
      return new Promise(() => undefined);
    }),
    { sessions: 1 },
  );
  await eventually(() => isInHand, 'the first worker has it');
  const seen: number[] = [];
  await consuming(
    azure.bus,
    settles(async ({ deliveryCount }) => {
      seen.push(deliveryCount);
      return complete;
    }),
    async () => eventually(() => seen.length === 1, 'the second worker has it'),
  );
  expect(seen).toEqual([2]);
  // Its handler never ends, so there is nothing to wait for.
  void dead.stop();
  await other.close();
}, 120_000);

test('a message that repeats itself after a crash sends its copy once', async () => {
  // The copy is sent, the original is not settled: it comes again and says the same.
  await azure.bus.publish([message('1')]);
  const counts: number[] = [];
  const at = clock.now() + 60_000;
  const handler: Handler = settles(async ({ deliveryCount }) => {
    counts.push(deliveryCount);
    if (clock.now() >= at) return complete;
    if (counts.length === 1) doubles.serviceBus.loseLocks('track');
    return { settle: 'again', at };
  });
  await consuming(azure.bus, handler, async () => {
    await eventually(() => counts.length === 2, 'it came twice');
    await eventually(async () => (await azure.bus.depth('track')).waiting === 1, 'one copy waits');
    clock.advance(60_000);
    await eventually(async () => (await azure.bus.depth('track')).waiting === 0, 'the queue is empty');
  });
  expect(counts).toEqual([1, 2, 1]);
}, 120_000);

test('a copy that carries a large body of its own leaves the original as it was', async () => {
  const [old, text] = ['old ', 'new'].map((word) => word.repeat(maxInlineBytes));
  await azure.bus.publish([message('1', { body: { text: old } })]);
  const bodies: unknown[] = [];
  const handler: Handler = settles(async ({ body }) => {
    bodies.push(body);
    if (bodies.length > 2) return complete;
    // The copy is sent, the original is not settled: it comes again.
    if (bodies.length === 1) doubles.serviceBus.loseLocks('track');
    return { settle: 'again', at: clock.now(), body: { text } };
  });
  await consuming(azure.bus, handler, async () => {
    await eventually(() => bodies.length === 3, 'the copy is handled');
    await eventually(async () => (await azure.bus.depth('track')).waiting === 0, 'the queue is empty');
  });
  expect(bodies).toEqual([{ text: old }, { text: old }, { text }]);
}, 120_000);

test('a large body travels by reference, whatever characters it holds', async () => {
  const text = '🏔 ü\u0000\ud800'.repeat(maxInlineBytes);
  await azure.bus.publish([message('1', { body: { text } })]);
  const bodies: unknown[] = [];
  await consuming(
    azure.bus,
    settles(async ({ body }) => {
      bodies.push(body);
      return complete;
    }),
    async () => eventually(() => bodies.length === 1, 'it is handled'),
  );
  expect(bodies).toEqual([{ text }]);
});

test('ids and sessions that look like numbers, and those that are too long, stay what they are', async () => {
  const long = `run:${'x'.repeat(300)}`;
  const seen: [string, string][] = [];
  await azure.bus.publish([
    message('1', { id: '12345678901234567890', session: '9007199254740993' }),
    message('2', { id: '1e5', session: long }),
    message('3', { id: long, session: '0x10' }),
  ]);
  await consuming(
    azure.bus,
    settles(async ({ id, session }) => {
      seen.push([id, session]);
      return complete;
    }),
    async () => eventually(() => seen.length === 3, 'all are handled'),
  );
  expect(seen.sort()).toEqual([
    ['12345678901234567890', '9007199254740993'],
    ['1e5', long],
    [long, '0x10'],
  ]);
});

test('a message that comes before its time by our clock is held in hand', async () => {
  const parcel = { queue: 'track', id: 'm', session: 's', body: {}, copy: 0, failures: 0 } as const;
  const times: number[] = [];
  const notBefore = clock.now() + 2000;
  const work = azure.bus.handleTriggered(
    { ...parcel, notBefore },
    1,
    settles(async () => {
      times.push(clock.now());
      return complete;
    }),
  );
  await new Promise((resolve) => setImmediate(resolve));
  expect(times).toEqual([]);
  clock.advance(2000);
  await work;
  expect(times).toEqual([notBefore]);
});

test('what is no message of ours is a dead letter at once', async () => {
  const { ServiceBusClient } = await import('@azure/service-bus');
  const stranger = new ServiceBusClient(doubles.environment.ServiceBus);
  await stranger
    .createSender('track')
    .sendMessages({ body: { hello: 'world' }, sessionId: 's', messageId: 'stranger' });
  await stranger.close();
  await consuming(
    azure.bus,
    settles(async () => complete),
    async () => eventually(async () => (await azure.bus.depth('track')).dead === 1, 'it is dead'),
  );
  const { items } = await azure.bus.deadLetters('track', { limit: 10 });
  expect(items).toMatchObject([{ id: 'stranger', reason: 'This is not a message of Zekt.' }]);
});

test('one dead letter that can not be put back stays, and the others go on', async () => {
  const { ServiceBusClient } = await import('@azure/service-bus');
  const stranger = new ServiceBusClient(doubles.environment.ServiceBus);
  await stranger.createSender('track').sendMessages({ body: {}, sessionId: 's', messageId: 'stranger' });
  await stranger.close();
  await azure.bus.publish(['1', '2', '3'].map((id) => message(id)));
  await consuming(
    azure.bus,
    settles(async () => ({ settle: 'deadLetter', reason: 'not now' })),
    async () => eventually(async () => (await azure.bus.depth('track')).dead === 4, 'all are dead'),
  );
  const send = azure.bus.send.bind(azure.bus);
  azure.bus.send = async (parcels) => {
    if (parcels.some(({ id }) => id === 'message-2')) throw new Error('the bus is away');
    await send(parcels);
  };
  expect(await azure.bus.reviveAll('track')).toBe(2);
  expect(await azure.bus.depth('track')).toEqual({ waiting: 2, dead: 2 });
  const { items } = await azure.bus.deadLetters('track', { limit: 10 });
  expect(items.map(({ id }) => id).sort()).toEqual(['message-2', 'stranger']);
});

test('outcomes that are in hand together share pages of the journal', async () => {
  const ids = Array.from({ length: 40 }, (_, n) => String(n));
  const report = (id: string) => journalEntry('run.completed', clock.now(), { once: id, summary: 'It ran.' });
  await azure.bus.publish(ids.map((id) => message(id)));
  const puts = (): number => doubles.cosmos.operations.get('create')?.count ?? 0;
  const before = puts();
  const gates: (() => void)[] = [];
  const handler: Handler = async ({ id }) => {
    // Eight at a time.
    await new Promise<void>((resolve) => gates.push(resolve));
    return async () => ({ journal: [report(id)], settlement: complete });
  };
  const consumer = azure.bus.consume('track', handler, { sessions: 8 });
  await eventually(async () => {
    const { waiting } = await azure.bus.depth('track');
    if (gates.length >= Math.min(8, waiting)) for (const open of gates.splice(0)) open();
    return waiting === 0;
  }, 'the queue is empty');
  await consumer.stop();
  const pages = puts() - before;
  // One at once, for nothing was written lately; then the others of its eight, then eight by eight.
  expect(pages).toBeLessThan(ids.length / 2);
  const kept = new Set<string>();
  for await (const { entry } of readJournal(azure.store, clock.now(), undefined)) kept.add(entry.id);
  expect([...kept].sort()).toEqual(ids.map((id) => report(message(id).id).id).sort());
});

/** As the Functions host does: completes what resolves, gives back what throws. */
async function playHost(handler: Handler): Promise<void> {
  const { ServiceBusClient } = await import('@azure/service-bus');
  const client = new ServiceBusClient(doubles.environment.ServiceBus, {
    retryOptions: { maxRetries: 0, timeoutInMs: 300 },
  });
  for (;;) {
    const session = await client.acceptNextSession('track').catch(() => null);
    if (!session) break;
    for (;;) {
      const [received] = await session.receiveMessages(1, { maxWaitTimeInMs: 50 });
      if (!received) break;
      const parcel = fromWire(received.body);
      if (!parcel) throw new Error('not ours');
      await azure.bus.handleTriggered(parcel, (received.deliveryCount ?? 0) + 1, handler).then(
        () => session.completeMessage(received),
        () => session.abandonMessage(received),
      );
    }
    await session.close();
  }
  await client.close();
}

test('under a trigger, which can not bury, a poison message ends in the dead-letter queue with its reason, and can be revived', async () => {
  await azure.bus.publish([message('1')]);
  let tries = 0;
  const poison: Handler = settles(async () => {
    tries += 1;
    throw new Error('poison');
  });
  for (let n = 1; n <= maxDeliveryCount; n += 1) {
    await playHost(poison);
    clock.advance(redeliveryDelayMs(n));
  }
  await playHost(poison);
  expect(tries).toBe(maxDeliveryCount);
  expect(await azure.bus.depth('track')).toEqual({ waiting: 0, dead: 1 });
  const { items } = await azure.bus.deadLetters('track', { limit: 10 });
  expect(items).toMatchObject([
    {
      id: 'message-1',
      session: 'session-1',
      body: { id: '1' },
      reason: 'Error: poison',
      deliveryCount: maxDeliveryCount,
    },
  ]);
  expect(await azure.bus.revive('track', 'message-1')).toBe(true);
  const seen: object[] = [];
  await playHost(
    settles(async ({ id, session, deliveryCount }) => {
      seen.push({ id, session, deliveryCount });
      return complete;
    }),
  );
  expect(seen).toEqual([{ id: 'message-1', session: 'session-1', deliveryCount: 1 }]);
}, 120_000);
