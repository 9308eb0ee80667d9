import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '@zekt/core';
import { GitHubSimulator } from '@zekt/simulator';
import { RestGateway } from '../gateway.ts';
import { readPrivateKey } from '../private-key.ts';
import type { RedeliveryProgress } from './progress.ts';
import { redeliverMissedWebhooks, type Redelivered } from './redeliver-missed-webhooks.ts';
import type { SweepLimits } from './sweep.ts';

const minute = 60_000;
let github: GitHubSimulator;
let gateway: RestGateway;
let receiver: Server;
let answer: number;
let seen: string[];
let pages: number;
let asked: string[];
let progress: RedeliveryProgress | null;

beforeEach(async () => {
  github = await GitHubSimulator.start();
  gateway = new RestGateway({
    appId: github.appId,
    privateKey: readPrivateKey(github.privateKey),
    apiUrl: github.url,
    userAgent: 'zekt/test',
    clock: systemClock,
  });
  [answer, seen, pages, asked, progress] = [202, [], 0, [], null];
  github.onExchange = ({ method, path }) => {
    const id = /deliveries\/(\d+)\/attempts$/.exec(path)?.[1];
    if (id !== undefined) asked.push(github.webhooks.deliveries.find((it) => String(it.id) === id)?.guid ?? id);
    else if (method === 'GET') pages += 1;
  };
  receiver = createServer((request, response) => {
    seen.push(String(request.headers['x-github-delivery']));
    response.writeHead(answer).end('{}');
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  github.sendWebhooksTo({ url: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`, secret: 's' });
});
afterEach(async () => {
  await github.stop();
  receiver.close();
});

/** As a caller does: what is kept between two sweeps is JSON. */
async function sweep(limits?: Partial<SweepLimits>, nowMs = Date.now()): Promise<Redelivered> {
  pages = 0;
  const all = { pages: 100, asked: 400, open: 500, ...limits };
  const result = await redeliverMissedWebhooks(gateway.app, nowMs, progress, all);
  progress = JSON.parse(JSON.stringify(result.through)) as RedeliveryProgress;
  await github.webhooks.settled();
  return result;
}

async function send(count: number, status: number): Promise<void> {
  answer = status;
  for (let n = 0; n < count; n += 1) github.webhooks.send('ping', {});
  await github.webhooks.settled();
  answer = 202;
}

/** Deliveries that are in the list already, a second apart; the last one a second ago. */
function delivered(count: number, hasFailed: (age: number) => boolean, options: { endMs?: number } = {}): void {
  const { deliveries } = github.webhooks;
  const { endMs = Date.now() } = options;
  const lastId = Math.max(0, ...deliveries.map(({ id }) => id).filter((id) => id < 1_000_000));
  for (let n = 1; n <= count; n += 1) {
    const age = count + 1 - n;
    const isMissed = hasFailed(age);
    deliveries.push({
      id: lastId + n,
      guid: `${isMissed ? 'missed' : 'fine'}-${lastId + n}`,
      event: 'ping',
      payload: {},
      deliveredAt: new Date(endMs - age * 1000).toISOString(),
      redelivery: false,
      durationMs: 5,
      status: isMissed ? 'timed out' : 'OK',
      statusCode: isMissed ? 0 : 200,
    });
  }
}

const missedGuids = (): string[] =>
  github.webhooks.deliveries
    .map(({ guid }) => guid)
    .filter((guid, n, all) => guid.startsWith('missed') && all.indexOf(guid) === n);

describe('what is asked for', () => {
  test('only what never arrived, over all pages', async () => {
    await send(120, 202);
    await send(3, 500);
    github.webhooks.weather = { lose: 1 };
    await send(2, 202);
    github.webhooks.weather = {};
    expect(await sweep()).toMatchObject({ redelivered: 5, isBehind: false, problem: null });
    expect(seen).toHaveLength(128);
    expect(await sweep()).toMatchObject({ redelivered: 0 });
  });

  test('what is refused every time is given up after a few times', async () => {
    await send(1, 400);
    answer = 400;
    for (let n = 0; n < 10; n += 1) await sweep();
    expect(seen).toHaveLength(5);
  });

  test('what was refused often enough before is not asked for by a sweep that knows nothing', async () => {
    await send(1, 400);
    answer = 400;
    for (let n = 0; n < 10; n += 1) {
      progress = null;
      await sweep();
    }
    expect(seen).toHaveLength(5);
  });

  test('what fails again is asked for again, though its first failure is no longer looked at', async () => {
    delivered(1, () => true, { endMs: Date.now() - 60 * minute });
    delivered(3, () => false);
    answer = 503;
    for (let n = 0; n < 3; n += 1) expect(await sweep()).toMatchObject({ redelivered: 1 });
    answer = 202;
    expect(await sweep()).toMatchObject({ redelivered: 1 });
    expect(await sweep()).toMatchObject({ redelivered: 0 });
    expect(progress?.gaps).toEqual([]);
  });

  test('what a person had sent again is not', async () => {
    await send(2, 500);
    github.webhooks.redeliver(github.webhooks.deliveries[0]?.id ?? 0);
    await github.webhooks.settled();
    await sweep();
    expect(asked).toEqual([github.webhooks.deliveries[1]?.guid]);
  });

  test('what was asked for and was never tried is asked for once more after a while', async () => {
    delivered(1, () => true);
    github.faults.add({ path: '/attempts', fault: { kind: 'answer', status: 202 } });
    const asked = Date.now();
    expect(await sweep({}, asked)).toMatchObject({ redelivered: 1 });
    expect(await sweep({}, asked + 14 * minute)).toMatchObject({ redelivered: 0 });
    expect(await sweep({}, asked + 15 * minute)).toMatchObject({ redelivered: 1 });
    expect(seen).toHaveLength(1);
  });

  test('what GitHub does not have any more is forgotten, and the others are asked for', async () => {
    delivered(3, () => true);
    github.faults.add({ path: '/attempts', fault: { kind: 'answer', status: 404 } });
    expect(await sweep()).toMatchObject({ redelivered: 2, problem: null });
    expect(await sweep({}, Date.now() + 20 * minute)).toMatchObject({ redelivered: 0, isBehind: false });
  });
});

describe('how far it looks', () => {
  test('at what came since the last time, and some minutes before', async () => {
    delivered(3000, (age) => age === 2999);
    expect(await sweep()).toMatchObject({ redelivered: 1 });
    expect(pages).toBe(30);
    delivered(150, (age) => age === 149, { endMs: Date.now() + 150_000 });
    expect(await sweep()).toMatchObject({ redelivered: 1 });
    // 150 that are new, 120 of two minutes before, and the page on which it sees that this was enough.
    expect(pages).toBeLessThanOrEqual(4);
    expect(seen).toHaveLength(2);
  });

  test('a failure that is listed late is found', async () => {
    delivered(500, () => false);
    await sweep();
    delivered(1, () => true, { endMs: Date.now() - minute });
    expect(await sweep()).toMatchObject({ redelivered: 1 });
  });

  test('no further than one call may, and on from there in the next ones, whatever comes in between', async () => {
    delivered(5000, (age) => age % 250 === 0);
    const results: Redelivered[] = [];
    do {
      results.push(await sweep({ pages: 12 }));
      expect(pages).toBeLessThanOrEqual(12);
      delivered(3, (age) => age === 2, { endMs: Date.now() + results.length * 4000 });
    } while (results.at(-1)?.isBehind === true && results.length < 20);
    await sweep({ pages: 12 });
    expect(results.length).toBeGreaterThan(4);
    expect(results.length).toBeLessThan(10);
    expect([...asked].sort()).toEqual(missedGuids().sort());
    expect([...seen].sort()).toEqual(missedGuids().sort());
  });

  test('more misses than one call asks for, and remembers, are asked for once each', async () => {
    delivered(2000, (age) => age % 4 === 0);
    let count = 0;
    for (; count < 60; count += 1) {
      const { isBehind } = await sweep({ asked: 40, open: 60 });
      const open = Object.values(progress?.misses ?? {}).filter(({ state }) => state === 'open');
      // It is not stopped within a page, which has 25 of them.
      expect(open.length).toBeLessThan(60 + 25);
      if (!isBehind) break;
    }
    expect(count).toBeLessThan(20);
    expect([...asked].sort()).toEqual(missedGuids().sort());
    await sweep();
    expect(progress?.gaps).toEqual([]);
  });

  test('what arrived at last is known when its failure is met calls later', async () => {
    delivered(3000, (age) => age === 2500);
    const missed = github.webhooks.deliveries.find(({ guid }) => guid.startsWith('missed'));
    github.webhooks.redeliver(missed?.id ?? 0);
    await github.webhooks.settled();
    for (let n = 0; n < 8; n += 1) await sweep({ pages: 8 });
    expect(progress?.gaps).toEqual([]);
    expect(asked).toEqual([]);
  });

  test('however many have arrived at last, what is kept stays small', async () => {
    const misses = Object.fromEntries(
      Array.from({ length: 5000 }, (_, n) => [
        crypto.randomUUID(),
        { id: String(n + 1), firstMs: 0, lastMs: Date.now(), refusals: 0, askedAtMs: null, state: 'arrived' as const },
      ]),
    );
    delivered(200, () => false);
    progress = { throughMs: 0, gaps: [], misses };
    const { through } = await sweep({ pages: 1 });
    expect(through.gaps).toHaveLength(1);
    expect(JSON.stringify(through).length).toBeLessThan(100_000);
  });
});

describe('trouble on the way', () => {
  test('a first page that fails is told, and nothing is lost', async () => {
    delivered(10, (age) => age === 5);
    github.faults.add({ path: '/app/hook/deliveries', fault: { kind: 'answer', status: 502 } });
    await expect(sweep()).rejects.toMatchObject({ status: 502 });
    expect(await sweep()).toMatchObject({ redelivered: 1 });
  });

  test('a later page that fails ends the call, and the next goes on', async () => {
    delivered(1000, (age) => [50, 950].includes(age));
    github.faults.add({ path: 'cursor=', fault: { kind: 'answer', status: 502 } });
    expect(await sweep()).toMatchObject({ redelivered: 1, isBehind: true, problem: { status: 502 } });
    expect(await sweep()).toMatchObject({ redelivered: 1, isBehind: false, problem: null });
    expect([...asked].sort()).toEqual(missedGuids().sort());
  });

  test('a place in the list that GitHub knows no more is looked for from the newest on', async () => {
    delivered(1000, (age) => [50, 450, 950].includes(age));
    await sweep({ pages: 3 });
    github.faults.add({ path: 'cursor=', fault: { kind: 'answer', status: 422 } });
    expect(await sweep({ pages: 6 })).toMatchObject({ isBehind: true, problem: { status: 422 } });
    await sweep();
    expect(progress?.gaps).toEqual([]);
    expect([...asked].sort()).toEqual(missedGuids().sort());
  });

  test('when GitHub asks for quiet, the rest is asked for next time', async () => {
    delivered(10, (age) => age < 4);
    await sweep({ pages: 1, asked: 1 });
    github.faults.add({ path: '/attempts', fault: { kind: 'answer', status: 429 } });
    expect(await sweep()).toMatchObject({ redelivered: 0, isBehind: true, problem: { status: 429 } });
    expect(await sweep()).toMatchObject({ redelivered: 2, isBehind: false, problem: null });
  });
});
