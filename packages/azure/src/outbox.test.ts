import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { CosmosClient, type Container } from '@azure/cosmos';
import { CosmosDouble } from '@zekt/azure-doubles';
import { silentLog, type Log } from '@zekt/core';
import { ManualClock } from '@zekt/core/testing';
import type { Parcel } from './envelope.ts';
import { containerDefinition } from './layout.ts';
import { Outbox, type Swept } from './outbox.ts';
import { maxOutboxTries, type OutboxItem } from './outbox-item.ts';

let clock: ManualClock;
let cosmos: CosmosDouble;
let client: CosmosClient;
let container: Container;
let outbox: Outbox;
let sent: string[];
let errors: object[];
/** How a send ends, by the queue of its messages. */
let send: (queue: string) => Promise<void>;

beforeEach(async () => {
  clock = new ManualClock();
  cosmos = await CosmosDouble.start({ now: () => clock.now(), partitionCount: 4 });
  client = new CosmosClient({ endpoint: cosmos.endpoint, key: cosmos.key });
  const { database } = await client.databases.createIfNotExists({ id: 'zekt' });
  ({ container } = await database.containers.createIfNotExists(containerDefinition));
  sent = [];
  errors = [];
  send = async () => undefined;
  const log: Log = { ...silentLog, error: (fields) => void errors.push(fields) };
  outbox = new Outbox({
    container,
    send: async (parcels) => {
      await send(parcels[0]?.queue ?? '');
      sent.push(...parcels.map(({ id }) => id));
    },
    clock,
    log,
    sendLimitMs: 20,
  });
});
afterEach(async () => {
  client.dispose();
  await cosmos.stop();
});

const parcel = (id: string, queue: Parcel['queue'] = 'track'): Parcel => ({
  queue,
  id,
  session: 's',
  body: {},
  copy: 0,
  failures: 0,
});

async function write(name: string, ...parcels: Parcel[]): Promise<OutboxItem> {
  const item = { id: `~outbox~${name}`, pk: `partition-${name}`, outbox: parcels, outboxAt: clock.now() };
  const { resource } = await container.items.create(item);
  return resource ?? item;
}
const read = async ({ id, pk }: OutboxItem): Promise<OutboxItem | undefined> =>
  (await container.item(id, pk).read<OutboxItem>()).resource;
const isAway = async (): Promise<void> => {
  throw new Error('there is no such queue');
};

test('a sweep finds what was forgotten in every physical partition', async () => {
  const names = Array.from({ length: 20 }, (_, n) => String(n));
  for (const name of names) await write(name, parcel(name));
  expect(await outbox.sweep()).toMatchObject({ published: 0 });
  clock.advance(6000);
  expect(await outbox.sweep()).toMatchObject({ published: 20 });
  expect([...sent].sort()).toEqual([...names].sort());
  expect(await outbox.sweep()).toMatchObject({ published: 0 });
});

test('an entry that can not be published holds up no other, in the relay and in the sweep', async () => {
  send = async (queue) => (queue === 'events' ? isAway() : undefined);
  const bad = await write('bad', parcel('bad', 'events'));
  const good = await write('good', parcel('good'));
  expect(await outbox.relay([bad, good])).toBe(1);
  expect(sent).toEqual(['good']);
  expect(await read(good)).toBeUndefined();
  await write('later', parcel('later'));
  clock.advance(120_000);
  expect(await outbox.sweep()).toMatchObject({ published: 1 });
  expect(sent).toEqual(['good', 'later']);
});

test('of an entry that is for two queues only what was not sent is sent again', async () => {
  send = async (queue) => (queue === 'events' ? isAway() : undefined);
  const item = await write('both', parcel('a'), parcel('b', 'events'));
  await outbox.relay([item]);
  expect((await read(item))?.outbox.map(({ id }) => id)).toEqual(['b']);
  send = async () => undefined;
  clock.advance(120_000);
  expect(await outbox.sweep()).toMatchObject({ published: 1 });
  expect(sent).toEqual(['a', 'b']);
});

test('what failed waits longer each time, and the relay leaves it to the sweep', async () => {
  send = isAway;
  const item = await write('bad', parcel('bad'));
  await outbox.relay([item]);
  const once = await read(item);
  expect(once).toMatchObject({ tries: 1, outboxAt: clock.now() + 60_000 });
  expect(await outbox.relay([once])).toBe(0);
  expect(await read(item)).toMatchObject({ tries: 1 });
  clock.advance(66_000);
  await outbox.sweep();
  expect(await read(item)).toMatchObject({ tries: 2, outboxAt: clock.now() + 120_000 });
});

test('after ten tries an entry is in quarantine with its reason, which the log says as an error; nobody sends it any more', async () => {
  send = isAway;
  const item = await write('bad', parcel('bad'));
  await outbox.relay([item]);
  let swept: Swept | null = null;
  for (let n = 1; n < maxOutboxTries; n += 1) {
    expect([errors, swept?.quarantined ?? 0]).toEqual([[], 0]);
    clock.advance(3_600_000);
    swept = await outbox.sweep();
  }
  expect(swept).toEqual({ published: 0, postponed: 0, quarantined: 1 });
  const quarantined = await read(item);
  expect(quarantined).toMatchObject({
    quarantine: { reason: 'Error: there is no such queue' },
    outbox: [{ id: 'bad' }],
  });
  expect(quarantined).not.toHaveProperty('outboxAt');
  expect(errors).toMatchObject([{ outbox: item.id, partition: item.pk, tries: maxOutboxTries }]);
  send = async () => undefined;
  clock.advance(3_600_000);
  expect(await outbox.sweep()).toMatchObject({ published: 0 });
  expect(await outbox.relay([quarantined])).toBe(0);
  expect(sent).toEqual([]);
  // As the manual says.
  await container
    .item(item.id, item.pk)
    .replace({ id: item.id, pk: item.pk, outbox: item.outbox, outboxAt: 0 } as object);
  expect(await outbox.sweep()).toMatchObject({ published: 1 });
});

test('a send that takes longer than anybody waits clears its entry when it is done, so that nobody sends it again', async () => {
  let end = (): void => undefined;
  const sending = new Promise<void>((resolve) => (end = resolve));
  send = () => sending;
  const item = await write('slow', parcel('slow'));
  expect(await outbox.relay([item])).toBe(0);
  expect(await read(item)).toMatchObject({ tries: 1 });
  end();
  await outbox.settled();
  expect(await read(item)).toBeUndefined();
  clock.advance(3_600_000);
  expect(await outbox.sweep()).toMatchObject({ published: 0 });
  expect(sent).toEqual(['slow']);
});
