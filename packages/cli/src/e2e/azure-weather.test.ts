import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { startDoubles } from '@zekt/azure/testing';
import { openFixture } from './fixture.ts';

const runs = 15;

/**
 * The whole loop while Cosmos DB throttles, fails and breaks off, and Service Bus is busy, drops connections, detaches links and loses
 * locks. What this proves: every message that was answered is dispatched to both consumers, under one delivery id each.
 */
test('bad weather in Azure loses nothing and doubles nothing that a receiver can not tell', async () => {
  const doubles = await startDoubles({ lockMs: 3000 });
  const world = await openFixture({
    settings: {
      ...doubles.environment,
      ZEKT_ADMIN_TOKEN: randomUUID(),
      // What was not answered well is GitHub's to send again.
      ZEKT_RECONCILE_EVERY: '500ms',
      ZEKT_RETRY_SCHEDULE: Array.from({ length: 20 }, () => '100ms').join(','),
    },
  });
  const { cosmos, serviceBus } = doubles;
  let requests = 0;
  cosmos.fault = ({ kind }) => {
    requests += 1;
    if (requests % 11 === 0) return { kind: 'refuse', status: 429, retryAfterMs: 5 };
    if (requests % 37 === 0 && kind === 'read') return { kind: 'refuse', status: 503 };
    if (requests % 41 === 0 && kind === 'batch') return { kind: 'cut', when: requests % 2 === 0 ? 'before' : 'after' };
    return undefined;
  };
  let sends = 0;
  serviceBus.isBusy = () => (sends += 1) % 23 === 0;
  const storm = setInterval(() => {
    const turn = Math.floor(requests / 100) % 4;
    if (turn === 1) serviceBus.loseLocks('dispatch');
    if (turn === 2) serviceBus.detachLinks('correlate');
    if (turn === 3) serviceBus.dropConnections();
  }, 700);
  const answered = new Set<unknown>();
  try {
    await Promise.all(
      Array.from({ length: runs }, async (_, n) => {
        const run = world.startRun();
        for (;;) {
          const { status, body } = await world.send(run, { headers: { 'idempotency-key': `key-${n}` } });
          if (status !== 200) continue;
          answered.add(body.eventId);
          break;
        }
        world.github.completeRun(run);
      }),
    );
    expect(answered.size).toBe(runs);
  } finally {
    clearInterval(storm);
    cosmos.fault = () => undefined;
    serviceBus.isBusy = () => false;
  }
  await world.github.webhooks.settled();
  const arrived = () => {
    const ids = new Map<string, Set<string>>();
    for (const { repository, clientPayload } of world.github.world.dispatches) {
      const { eventId, deliveryId } = clientPayload._zekt as { eventId: string; deliveryId: string };
      const key = `${eventId} ${repository}`;
      ids.set(key, (ids.get(key) ?? new Set()).add(deliveryId));
    }
    return ids;
  };
  const expected = runs * 2;
  const deadline = Date.now() + 90_000;
  while (arrived().size < expected && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 100));
  const { items: dead } = await world.client('listDeadLetters', { query: {} });
  const { queues } = await world.client('getStats', {});
  expect({ arrived: arrived().size, dead, queues }).toMatchObject({ arrived: expected, dead: [] });
  for (const ids of arrived().values()) expect(ids.size).toBe(1);
  await world.stop();
  await doubles.stop();
}, 180_000);
