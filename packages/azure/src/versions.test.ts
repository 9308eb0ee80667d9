import { CosmosClient, type Container } from '@azure/cosmos';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { CosmosDouble } from '@zekt/azure-doubles';
import { decides, done, maxDeliveryCount, silentLog, updateDocument, ZektError, type Settlement } from '@zekt/core';
import { ManualClock } from '@zekt/core/testing';
import { CosmosStore } from './cosmos-store.ts';
import { fromWire, toWire, type Parcel } from './envelope.ts';
import { containerDefinition } from './layout.ts';
import { Outbox } from './outbox.ts';
import { leftAloneMs, versions } from './versions.ts';
import { workOn, type Verdict } from './work-on.ts';

const clock = new ManualClock();
let cosmos: CosmosDouble;
let client: CosmosClient;
let container: Container;

beforeEach(async () => {
  cosmos = await CosmosDouble.start({ now: () => clock.now() });
  client = new CosmosClient({ endpoint: cosmos.endpoint, key: cosmos.key });
  const { database } = await client.databases.createIfNotExists({ id: 'zekt' });
  ({ container } = await database.containers.createIfNotExists(containerDefinition));
});
afterEach(async () => {
  client.dispose();
  await cosmos.stop();
});

const { written, readable } = versions;
const store = (own = versions, announce = async () => undefined) => new CosmosStore(container, clock, announce, own);
/** The release before a new form: it reads it. And the one that writes it. */
const reader = { written, readable: readable + 1 };
const writer = { written: written + 1, readable: readable + 1 };

test('what a later release has written is refused by its code, and a read-modify-write leaves it as it is', async () => {
  const body = { state: 'approved', nuance: 'of the next release' };
  await store(writer).commit({ partition: 'p', writes: [{ kind: 'create', id: 'one', body }] });
  await expect(store().get('p', 'one')).rejects.toMatchObject({ code: 'newer_version', retryAfterMs: leftAloneMs });
  await expect(store().list('p', { limit: 10 })).rejects.toMatchObject({ code: 'newer_version' });
  await expect(updateDocument(store(), 'p', 'one', () => ({ body: { state: 'gone' } }))).rejects.toThrow(ZektError);
  expect((await store(writer).get('p', 'one'))?.body).toEqual(body);
});

test('readers go first: the release before reads the new form, and both write what the other reads', async () => {
  await store(writer).commit({ partition: 'p', writes: [{ kind: 'create', id: 'one', body: { n: 1 } }] });
  expect((await store(reader).get('p', 'one'))?.body).toEqual({ n: 1 });
  await store(reader).commit({ partition: 'p', writes: [{ kind: 'create', id: 'two', body: { n: 2 } }] });
  for (const own of [versions, reader, writer]) expect((await store(own).get('p', 'two'))?.body).toEqual({ n: 2 });
});

test('messages that a later release has left to be published are left to it', async () => {
  const sent: string[] = [];
  const outbox = new Outbox({
    container,
    send: async (parcels) => void sent.push(...parcels.map(({ id }) => id)),
    clock,
    log: silentLog,
  });
  for (const own of [writer, versions])
    await store(own).commit({
      partition: 'p',
      writes: [{ kind: 'create', id: `by-${own.written}`, body: {} }],
      messages: [{ queue: 'track', id: `of-${own.written}`, session: 's', body: {} }],
    });
  clock.advance(60_000);
  expect(await outbox.sweep()).toMatchObject({ published: 1 });
  expect(sent).toEqual([`of-${versions.written}`]);
});

const parcel: Parcel = { queue: 'track', id: 'one', session: 's', body: {}, copy: 0, failures: 0 };
const work = (given: Parcel, handle: () => Promise<{ settlement: Settlement }>): Promise<Verdict> =>
  workOn(given, 0, decides(handle), {
    clock,
    collect: async () => ({}),
    perform: async (decide) => (await decide()).settlement,
  });

test('a message whose document a later release has written comes again, however often, and is never given up', async () => {
  await store(writer).commit({ partition: 'p', writes: [{ kind: 'create', id: 'one', body: {} }] });
  let given = parcel;
  for (let tries = 0; tries < 3 * maxDeliveryCount; tries += 1) {
    const verdict = await work(given, () =>
      store()
        .get('p', 'one')
        .then(() => done),
    );
    if (verdict.kind !== 'copy') throw new Error(`it was ${verdict.kind}`);
    expect(verdict.parcel).toMatchObject({ failures: 0, notBefore: clock.now() + leftAloneMs });
    given = verdict.parcel;
    clock.advance(leftAloneMs);
  }
}, 60_000);

test('a message of a later release goes back unread, with all that it holds', async () => {
  const message = { ...parcel, body: { kind: 'of the next release' }, hurry: true };
  const given = fromWire({ v: 7, message });
  if (!given) throw new Error('it is one of ours');
  const verdict = await work(given, async () => {
    throw new Error('nobody reads it');
  });
  if (verdict.kind !== 'copy') throw new Error(`it was ${verdict.kind}`);
  const wire = toWire(verdict.parcel);
  expect(wire.body).toEqual({ v: 7, message: { ...message, copy: 1, notBefore: clock.now() + leftAloneMs } });
  expect(wire.messageId).not.toBe(toWire(given).messageId);
});
