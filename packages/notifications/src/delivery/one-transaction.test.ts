import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type DocumentStore, type Work } from '@zekt/core';
import { ManualClock } from '@zekt/core/testing';
import { openEmbedded, type Embedded } from '@zekt/embedded';
import { findNotification } from './notification-document.ts';
import { messageOf, ok, openSmallWorld } from '../testing/small-world.ts';

const event = {
  involvedObject: { kind: 'Kustomization', namespace: 'apps', name: 'web' },
  severity: 'info' as const,
  timestamp: '2031-02-03T04:05:06Z',
  message: 'done',
  reason: 'Done',
  reportingController: 'kustomize-controller',
};

/** What the file was asked to do. */
let statements: string[] = [];
let embedded: Embedded;
const clock = new ManualClock();
beforeEach(() => {
  statements = [];
  embedded = openEmbedded(':memory:', clock, { onStatement: (sql) => statements.push(sql) });
});
afterEach(() => embedded.close());
const writes = (): string[] =>
  statements.filter((sql) => /^(?:INSERT|UPDATE|DELETE|COMMIT)/.test(sql)).map((sql) => sql.split(' ')[0] ?? '');

test('an event is one transaction, and what was sent another', async () => {
  const world = openSmallWorld({ answer: async () => ok, embedded, clock });
  await world.put('a', {});
  // The destination's first success is news; the second is not.
  await world.raise('first');
  await world.settle();
  statements = [];
  await world.raise('second');
  expect(writes()).toEqual(['INSERT', 'INSERT', 'INSERT', 'COMMIT']);
  await world.settle();
  // The notification, what its alert remembers, and the message.
  expect(writes().slice(4)).toEqual(['UPDATE', 'INSERT', 'DELETE', 'COMMIT']);
  expect(await world.states()).toEqual(['sent', 'sent']);
  await world.stopWorker();
});

describe('an event that is told again', () => {
  test('publishes what waits, and nothing for what is over', async () => {
    const world = openSmallWorld({ answer: async () => ok, embedded, clock });
    await world.put('a', {});
    const take = async (): Promise<Work> => (await world.notifications.take(event, 'one')).work;
    const first = await take();
    await embedded.store.commit(first.batches?.[0] ?? { partition: '', writes: [] });
    // Whoever wrote it failed before he published it.
    const second = await take();
    expect(second.messages).toEqual(first.messages);
    expect(second.batches).toEqual(first.batches?.slice(1));
    await embedded.bus.commit(second);
    await world.settle();
    expect(await world.states()).toEqual(['sent']);
    expect(await take()).toEqual({ batches: [], messages: [] });
    await world.stopWorker();
  });

  test('of a group, too, and the group is closed by whoever adds to it', async () => {
    const world = openSmallWorld({ answer: async () => ok, embedded, clock });
    await world.put('a', {}, { grouping: { window: '1m' } });
    const first = (await world.notifications.take(event, 'one')).work;
    for (const batch of first.batches ?? []) await embedded.store.commit(batch);
    const { work } = await world.notifications.take({ ...event, message: 'other' }, 'other');
    expect(work.messages).toEqual(first.messages);
    const again = (await world.notifications.take(event, 'one')).work;
    expect(again.messages).toEqual(first.messages);
    await world.stopWorker();
  });
});

test('a conflict after sending does not send again', async () => {
  const told: string[] = [];
  let store: DocumentStore | null = null;
  const world = openSmallWorld({
    embedded,
    clock,
    async answer(request) {
      told.push(messageOf(request));
      // Somebody writes the same document while it is being sent.
      const [id = ''] = await world.ids();
      const seen = await findNotification(embedded.store, id);
      if (seen)
        await store?.commit({
          partition: id,
          writes: [{ kind: 'replace', id: seen.id, etag: seen.etag, body: seen.body }],
        });
      return ok;
    },
  });
  ({ store } = embedded);
  await world.put('a', {}, { notifyOn: 'changes' });
  await world.raise('once', { severity: 'error' });
  await world.settle();
  expect(told).toEqual(['once']);
  expect(await world.states()).toEqual(['sent']);
  await world.stopWorker();
});

test('a message that names what cannot be seen yet is tried again', async () => {
  const told: string[] = [];
  const world = openSmallWorld({
    embedded,
    clock,
    async answer(request) {
      told.push(messageOf(request));
      return ok;
    },
  });
  await world.put('a', {});
  const { batches = [], messages = [] } = (await world.notifications.take(event, 'one')).work;
  await embedded.bus.publish(messages);
  await world.settle();
  expect(told).toEqual([]);
  for (const batch of batches) await embedded.store.commit(batch);
  await world.advance(1000);
  expect(told).toEqual(['done']);
  await world.stopWorker();
});
