import { afterEach, describe, expect, test } from '@jest/globals';
import { ManualClock } from '@zekt/core/testing';
import type { Answer, OutgoingRequest } from '@zekt/egress';
import { openEmbedded } from '@zekt/embedded';
import { getProviderState } from '../resources/provider-state.ts';
import { combineEvents } from './combine-events.ts';
import { messageOf, ok, openSmallWorld, type SmallWorld } from '../testing/small-world.ts';

let world: SmallWorld | null = null;
let release: (() => void)[] = [];
let told: string[] = [];
let answers: (Answer | 'never' | 'broken')[] = [];

const broken: Answer = { status: 500, headers: {}, text: 'ill' };
async function answer(request: OutgoingRequest): Promise<Answer> {
  told.push(`${new URL(request.url).hostname.split('.')[0] ?? ''}: ${messageOf(request)}`);
  const next = answers.shift() ?? ok;
  if (next === 'never') return new Promise((resolve) => release.push(() => resolve(ok)));
  if (next === 'broken') throw new Error('the request failed (ECONNRESET)');
  return next;
}

function open(...planned: typeof answers): SmallWorld {
  told = [];
  answers = planned;
  const opened = openSmallWorld({ answer });
  world = opened;
  return opened;
}
afterEach(async () => {
  for (const answerNow of release) answerNow();
  release = [];
  await world?.stop();
  world = null;
});
const key = (name: string) => ({ namespace: 'default', name });

test('waits grow, and end', async () => {
  const { put, raise, settle, advance, states } = open(...Array.from({ length: 20 }, () => broken));
  // The circuit is not what this is about.
  await put('a', {}, { dedupeWindow: '0s' });
  await raise('one');
  await settle();
  expect(told).toHaveLength(1);
  await advance(1999);
  expect(told).toHaveLength(1);
  await advance(1);
  expect(told).toHaveLength(2);
  for (let minute = 0; minute < 30 * 60; minute += 1) await advance(60_000);
  expect(await states()).toEqual(['deadlettered']);
  expect(told).toHaveLength(10);
});

test('the circuit opens, lets one through, and closes', async () => {
  const { put, raise, settle, advance, states, clock, store } = open(
    ...Array.from({ length: 6 }, () => 'broken' as const),
  );
  await put('a', {}, { dedupeWindow: '0s' });
  for (const name of ['1', '2', '3', '4', '5', '6', '7'])
    await raise(name, { involvedObject: { kind: 'Kustomization', name, namespace: 'apps' } });
  await settle();
  // Which of them came first is the bus's business: lanes are worked on side by side.
  const before = told.length;
  expect(before).toBeGreaterThanOrEqual(5);
  const state = await getProviderState(store, key('a'));
  expect(state.openUntil).toBeGreaterThan(clock.now());
  await advance(20_000);
  expect(told).toHaveLength(before);
  for (let step = 0; step < 60; step += 1) await advance(60_000);
  expect(await states()).toEqual(Array.from({ length: 7 }, () => 'sent'));
  expect(await getProviderState(store, key('a'))).toMatchObject({ failures: 0, opened: 0, openUntil: 0 });
});

test('an address that says 429 is left alone for as long as it asked', async () => {
  const limited: Answer = { status: 429, headers: { 'retry-after': '120' }, text: '' };
  const { put, raise, settle, advance } = open(limited);
  await put('a', {}, { dedupeWindow: '0s' });
  await raise('one');
  await settle();
  await raise('two');
  await advance(119_000);
  expect(told).toEqual(['a: one']);
  await advance(2000);
  expect(told.slice(1).sort()).toEqual(['a: one', 'a: two']);
});

test('no faster than the destination takes it', async () => {
  const { put, raise, settle, advance } = open();
  await put('a', { rateLimit: { perMinute: 60, burst: 2 } }, { dedupeWindow: '0s' });
  for (const name of ['1', '2', '3', '4', '5']) await raise(name);
  await settle();
  expect(told).toHaveLength(2);
  await advance(1000);
  expect(told).toHaveLength(3);
  await advance(1000);
  await advance(1000);
  expect(told).toHaveLength(5);
});

test('a slow destination delays no other, and in one only what is about the same object', async () => {
  const { put, raise, settle } = open('never');
  await put('slow', {});
  await raise('stuck');
  await settle();
  await put('quick', {});
  for (const name of Array.from({ length: 20 }, (_, index) => `object-${index}`))
    await raise(name, { involvedObject: { kind: 'Kustomization', name, namespace: 'apps' } });
  await settle();
  expect(told.filter((it) => it.startsWith('quick'))).toHaveLength(20);
  // One lane of eight stands still.
  expect(told.filter((it) => it.startsWith('slow')).length).toBeGreaterThan(10);
});

describe('what makes two events the same', () => {
  const same = { timestamp: '2025-01-02T03:04:05Z' };

  test('is not what they say: without a window each is told', async () => {
    const { put, raise, settle } = open();
    await put('a', {}, { dedupeWindow: '0s' });
    await raise('again', same);
    await raise('again', same);
    await settle();
    expect(told).toEqual(['a: again', 'a: again']);
  });

  test('is the request: the same key is told once, and for another event it is refused', async () => {
    const { put, raise, settle } = open();
    await put('a', {}, { dedupeWindow: '0s' });
    await put('b', {}, { dedupeWindow: '0s', grouping: { window: '1m' } });
    await raise('once', same, 'key');
    await raise('once', same, 'key');
    await expect(raise('another', same, 'key')).rejects.toMatchObject({ code: 'idempotency_key_reused' });
    await settle();
    expect(told).toEqual(['a: once']);
  });

  test('is the window of the alert, for what was sent within it', async () => {
    const { put, raise, settle, advance, states } = open();
    await put('a', {}, { dedupeWindow: '1m' });
    await raise('again', same);
    await settle();
    await raise('again', same);
    await settle();
    expect(await states()).toEqual(['sent', 'suppressed']);
    await advance(60_000);
    await raise('again', same);
    await settle();
    expect(told).toEqual(['a: again', 'a: again']);
  });
});

describe('older news never follows newer', () => {
  const incident = { type: 'pagerduty', address: 'https://a.example', channel: 'key' } as const;
  const actions: string[] = [];
  async function openIncidents(changes: Partial<Parameters<typeof openSmallWorld>[0]> = {}): Promise<SmallWorld> {
    actions.length = 0;
    const opened = openSmallWorld({
      async answer({ body }) {
        const { event_action: action } = JSON.parse(String(body)) as { event_action?: string };
        if (action !== undefined) actions.push(action);
        return ok;
      },
      ...changes,
    });
    world = opened;
    await opened.put('a', incident, { dedupeWindow: '0s' });
    return opened;
  }

  test('a time in the future silences nobody', async () => {
    const { raise, settle, states } = await openIncidents();
    await raise('from a wrong clock', { timestamp: '2099-01-01T00:00:00Z' });
    await settle();
    await raise('broken', { severity: 'error' });
    await settle();
    expect(actions).toEqual(['resolve', 'trigger']);
    expect(await states()).toEqual(['sent', 'sent']);
  });

  test('nor one that was remembered when this clock was wrong', async () => {
    const clock = new ManualClock(Date.UTC(2031, 0, 1));
    const embedded = openEmbedded(':memory:', clock);
    const wrong = await openIncidents({ embedded, clock: new ManualClock(Date.UTC(2099, 0, 1)) });
    await wrong.raise('fine');
    await wrong.settle();
    await wrong.stopWorker();
    const right = openSmallWorld({
      embedded,
      clock,
      async answer({ body }) {
        actions.push((JSON.parse(String(body)) as { event_action: string }).event_action);
        return ok;
      },
    });
    world = right;
    actions.length = 0;
    await right.raise('broken', { severity: 'error' }, 'another');
    await right.settle();
    expect(actions).toEqual(['trigger']);
  });

  test('a clock that is a little ahead is believed', async () => {
    const { raise, settle, clock } = await openIncidents();
    const inMs = (ms: number) => ({ timestamp: new Date(clock.now() + ms).toISOString() });
    await raise('fine', inMs(240_000));
    await settle();
    await raise('broken before that', { severity: 'error', ...inMs(230_000) });
    await settle();
    expect(actions).toEqual(['resolve']);
  });

  test('of the same second, what came later is newer', async () => {
    const { put, raise, settle, advance, states } = open('broken');
    await put('a', {}, { notifyOn: 'changes', dedupeWindow: '0s' });
    const second = { timestamp: '2025-01-02T03:04:05Z' };
    await raise('broken', { severity: 'error', ...second });
    await settle();
    await advance(500);
    await raise('fine', second);
    await settle();
    for (let step = 0; step < 10; step += 1) await advance(1000);
    expect(told).toEqual(['a: broken']);
    expect(await states()).toEqual(['suppressed', 'suppressed']);
  });

  test('a failure that could not be told is not told after the recovery', async () => {
    const { put, raise, settle, advance, states } = open('broken');
    await put('a', {}, { notifyOn: 'changes', dedupeWindow: '0s' });
    await raise('broken', { severity: 'error' });
    await settle();
    await advance(1000);
    await raise('fine');
    await settle();
    for (let step = 0; step < 10; step += 1) await advance(1000);
    expect(told).toEqual(['a: broken']);
    expect(await states()).toEqual(['suppressed', 'suppressed']);
  });

  test('nor the status of a commit', async () => {
    const statuses: string[] = [];
    let isUp = false;
    const other = openSmallWorld({
      async answer({ method, url, body }) {
        if (!isUp) return broken;
        if (method !== 'GET') statuses.push((JSON.parse(String(body)) as { state: string }).state);
        if (method !== 'GET') return { status: 201, headers: {}, text: '' };
        return { ...ok, text: url.endsWith('/version') ? '{"version":"1.25.0"}' : '[]' };
      },
    });
    world = other;
    await other.put('g', { type: 'gitea', address: 'https://git.example/a/b', secretRef: { name: 'none' } });
    // A token is needed: the secret store of this world has none, so the provider is told to take another.
    other.notifications.secrets.get = async () => '{"token":"t"}';
    const metadata = { 'k/revision': `main@sha1:${'a'.repeat(40)}`, 'event.toolkit.fluxcd.io/commit': 'a'.repeat(40) };
    await other.raise('bad', { severity: 'error', metadata });
    await other.settle();
    isUp = true;
    await other.advance(1000);
    await other.raise('good', { metadata });
    await other.settle();
    for (let step = 0; step < 30; step += 1) await other.advance(1000);
    expect(statuses).toEqual(['success']);
    expect(await other.states()).toEqual(['sent', 'suppressed']);
  });
});

test('a crash after sending does not send again', async () => {
  // Raising is a commit of two batches and a message; then come what the alert remembers, the notification, and the destination's state.
  for (let at = 5; at <= 7; at += 1) {
    told = [];
    const crashing = openSmallWorld({ answer, crashes: [{ at, when: 'after' }], inSteps: true });
    await crashing.put('a', {});
    await crashing.raise('once');
    await crashing.settle();
    for (let step = 0; step < 20; step += 1) await crashing.advance(1000);
    expect([at, await crashing.states()]).toEqual([at, ['sent']]);
    expect([at, told]).toEqual([at, ['a: once']]);
    await crashing.stop();
  }
});

describe('groups', () => {
  const event = (name: string, changes: object = {}) => ({
    involvedObject: { kind: 'Kustomization', name, namespace: 'apps' },
    severity: 'info' as const,
    timestamp: '2031-02-03T04:05:06Z',
    message: `${name} done`,
    reason: 'Done',
    reportingController: 'kustomize-controller',
    ...changes,
  });

  test('say what they have in common, and the worst', () => {
    const combined = combineEvents(
      [
        event('web', { metadata: { env: 'prod', a: '1' } }),
        event('db', { metadata: { env: 'prod', a: '2' }, severity: 'error', reason: 'Failed', message: 'db failed' }),
      ],
      3,
      { namespace: 'default', name: 'on-call' },
    );
    expect(combined).toMatchObject({
      involvedObject: { kind: 'Alert', namespace: 'default', name: 'on-call' },
      severity: 'error',
      reason: 'Grouped',
      metadata: { env: 'prod' },
      message:
        '5 events, 1 of them errors:\n- kustomization/web.apps: web done\n- [error] kustomization/db.apps: db failed\n… and 3 more',
    });
    const one = combineEvents([event('web'), event('web', { message: 'again' })], 0, key('x'));
    expect(one).toMatchObject({
      involvedObject: { name: 'web' },
      reason: 'Done',
      message: '2 events:\n- web done\n- again',
    });
    expect(combineEvents([event('web')], 0, key('x'))).toEqual(event('web'));
  });

  test('say once what came more than once, and lose no count', async () => {
    const { put, raise, settle, advance } = open();
    await put('a', {}, { grouping: { window: '1m' } });
    for (const second of [1, 2, 3]) await raise('same', { timestamp: `2031-02-03T04:05:0${second}Z` });
    await advance(60_000);
    expect(told).toEqual(['a: same']);
    // Forty that were told before, and some that are only counted.
    for (let index = 0; index < 42; index += 1)
      await raise('same', { timestamp: new Date(index * 1000).toISOString() });
    await settle();
    await advance(60_000);
    expect(told.slice(1)).toEqual(['a: 3 events:\n- same\n… and 2 more']);
  });

  test('are made for each value of what they are grouped by, and have an end', async () => {
    const { put, raise, settle, advance } = open();
    await put('a', {}, { grouping: { window: '1m', by: ['severity'] } });
    for (let index = 0; index < 60; index += 1) await raise(`info ${index}`);
    await raise('error', { severity: 'error' });
    await settle();
    expect(told).toEqual([]);
    await advance(60_000);
    expect(told).toHaveLength(2);
    expect(told.find((it) => it.includes('60 events'))).toContain('… and 20 more');
    expect(told).toContain('a: error');
    // The next window is another notification; what was told is not told again.
    await raise('info 1', { timestamp: '2031-02-03T04:05:06Z' });
    await raise('news');
    await advance(60_000);
    expect(told[2]).toBe('a: news');
  });
});
