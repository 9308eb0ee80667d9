import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { DomainEvent } from '@zekt/contracts';
import {
  correlationIdOf,
  domainEvent,
  handleEvent,
  isoTime,
  noteRepository,
  repositoryRef,
  runDocumentId,
  runKeyOf,
  runPartition,
  type RunDocument,
} from '@zekt/core';
import { ManualClock } from '@zekt/core/testing';
import { openEmbedded } from '@zekt/embedded';
import { messageOf, ok, openSmallWorld, smallWorldIssuer, type SmallWorld } from '../testing/small-world.ts';

let world: SmallWorld;
let told: string[] = [];
beforeEach(() => {
  told = [];
  const clock = new ManualClock();
  const embedded = openEmbedded(':memory:', clock);
  world = openSmallWorld({
    clock,
    embedded,
    async answer(request) {
      told.push(String(request.body));
      return ok;
    },
  });
});
afterEach(() => world.stop());

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const eventOf = (type: DomainEvent['type'], changes: Partial<DomainEvent> = {}): DomainEvent => ({
  id: `event-${type}`,
  type,
  at: isoTime(world.clock.now()),
  summary: `It was ${type}.`,
  ...changes,
});

const wants = (event: DomainEvent): boolean => world.notifications.listeners.want(event);

describe('whether anybody wants an event', () => {
  test('is no only where it is known that nobody does', async () => {
    expect(wants(eventOf('run.completed'))).toBe(true);
    await turn();
    expect(wants(eventOf('run.completed'))).toBe(false);
    world.clock.advance(1000);
    expect(wants(eventOf('run.completed'))).toBe(true);
  });

  test('is told by kind and severity, and at once after a change here', async () => {
    await world.put('a', {}, { eventSources: [{ kind: 'Run', name: '*' }], eventSeverity: 'error' });
    expect(wants(eventOf('delivery.failed'))).toBe(true);
    await turn();
    // A run that completed may have failed.
    for (const type of ['run.blocked', 'run.completed'] as const)
      expect([type, wants(eventOf(type))]).toEqual([type, true]);
    for (const type of ['message.received', 'delivery.failed'] as const)
      expect([type, wants(eventOf(type))]).toEqual([type, false]);
    await world.notifications.removeAlert({ namespace: 'default', name: 'a' });
    wants(eventOf('run.blocked'));
    await turn();
    expect(wants(eventOf('run.blocked'))).toBe(false);
  });
});

describe('a domain event', () => {
  const run = runKeyOf(smallWorldIssuer, '12:34:1');
  if (!run) throw new Error('it is a correlation id');
  const putRun = async (): Promise<void> => {
    const body = {
      run,
      facts: { repositoryId: '12', repository: 'acme/shop', headSha: 'a'.repeat(40), conclusion: 'failure' },
      service: { id: 'svc-1', label: 'acme/builds', publicName: null },
    } as RunDocument;
    await world.store.commit({ partition: runPartition(run), writes: [{ kind: 'put', id: runDocumentId, body }] });
  };
  const completed = (): DomainEvent =>
    eventOf('run.completed', { correlationId: correlationIdOf(run), repositoryId: '12' });

  test('is told with its run, that of the GitHub of the App', async () => {
    await world.put('a', {});
    await putRun();
    await world.bus.commit(await world.notifications.listeners.tell(completed()));
    await world.settle();
    expect(told.map((body) => JSON.parse(body) as object)).toEqual([
      expect.objectContaining({
        severity: 'error',
        reason: 'RunFailed',
        involvedObject: expect.objectContaining({ namespace: 'acme', name: 'builds', uid: '12:34:1' }),
        metadata: expect.objectContaining({ revision: 'a'.repeat(40), repository: 'acme/shop' }),
      }),
    ]);
  });

  test('waits for its run to be visible, but not for ever', async () => {
    await world.put('a', {});
    const event = completed();
    await expect(world.notifications.listeners.tell(event)).rejects.toThrow('is not visible yet');
    world.clock.advance(60_000);
    await noteRepository(world.store, repositoryRef(smallWorldIssuer, '12'), 1, { fullName: 'acme/shop' });
    await world.bus.commit(await world.notifications.listeners.tell(event));
    await world.settle();
    expect(told).toEqual([expect.stringContaining('"repository":"acme/shop"')]);
  });

  test('is committed by the queue of events, once however often it is told', async () => {
    await world.put('a', {});
    const handle = handleEvent(world.notifications.listeners);
    const { id, session, body } = domainEvent('installation.changed', world.clock.now(), {
      once: 'x',
      summary: 'It changed.',
    });
    const received = { id, session, body, deliveryCount: 1 };
    for (let time = 0; time < 2; time += 1) {
      const { settlement: _, ...work } = await (await handle(received))();
      await world.bus.commit(work);
      await world.settle();
    }
    expect(told.map((text) => messageOf({ body: text }))).toEqual(['It changed.']);
  });
});
