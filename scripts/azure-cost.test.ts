import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { costOf, loop, type Prices, type Usage } from './cost-of.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const page = read('docs/explanation/cost.md');
const prices = JSON.parse(read('infra/prices.json')) as Prices;
const usage: Usage = {
  messages: 1e6,
  consumers: 1,
  capacity: 'serverless',
  autoscaleUnits: 0,
  sku: 'Standard',
  messagingUnits: 1,
  alwaysReady: 0,
  instanceGb: 2,
  tracePercent: 100,
  availabilityTest: false,
  privateEndpoints: 0,
};

function ask(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/azure-cost.ts', ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}
const costOfItem = (what: string, changes: Partial<Usage>): number =>
  costOf({ ...usage, ...changes }, prices).find((line) => line.what.startsWith(what))?.cost ?? Number.NaN;

test('the tables of the page are what the script prints', () => {
  const shown = [...page.matchAll(/^npm run -s azure:cost -- (--messages .*)\n```\n\n((?:\|.*\n)+)/gm)];
  expect(shown).toHaveLength(4);
  for (const [, args = '', table] of shown) expect(ask(...args.split(' ')).stdout).toBe(table);
});

test("the loop's counts are those that were measured", () => {
  const rows = [
    ...read('docs/explanation/scaling.md').matchAll(
      /^\| (1|each further one) \| [\d.]+ \| ([\d.]+) \| [\d.]+ \| ([\d.]+) \|/gm,
    ),
  ];
  expect(rows.map(([, , units, messages]) => [Number(units), Number(messages)])).toEqual([
    [loop.requestUnits, loop.messages],
    [loop.further.requestUnits, loop.further.messages],
  ]);
  for (const figure of [loop.requestUnits, loop.further.requestUnits]) expect(page).toContain(figure.toFixed(1));
});

test('what is counted by the server is taken for each day of a month', () => {
  const folder = mkdtempSync(join(tmpdir(), 'zekt-cost-'));
  try {
    const path = join(folder, 'stats.json');
    writeFileSync(
      path,
      JSON.stringify({ counters: { 'messages.accepted': 1000, 'deliveries.dispatched': 3000 }, queues: {} }),
    );
    const { usage: found } = JSON.parse(ask('--from', path, '--json').stdout) as { usage: Usage };
    expect([found.messages, found.consumers]).toEqual([30_000, 3]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('what is no number is refused by name', () => {
  expect(ask('--messages', 'many')).toMatchObject({
    status: 2,
    stderr: "--messages must be a number, 0 or more; got 'many'\n",
  });
  expect(ask()).toMatchObject({ status: 2 });
});

test('each further consumer, each trace that is kept and each instance that is ready has its price', () => {
  expect(costOfItem('Cosmos DB, serverless', { consumers: 2 })).toBeGreaterThan(
    costOfItem('Cosmos DB, serverless', {}),
  );
  expect(costOfItem('Logs', { tracePercent: 10 })).toBeLessThan(costOfItem('Logs', {}));
  expect(costOfItem('Functions, always ready', { alwaysReady: 2 })).toBe(
    2 * costOfItem('Functions, always ready', { alwaysReady: 1 }),
  );
});

test('nothing that happens is billed all the same', () => {
  const idle = costOf({ ...usage, messages: 0 }, prices);
  expect(idle.reduce((sum, { cost }) => sum + cost, 0)).toBeGreaterThan(10);
});

test('prices say where and when they were found', () => {
  expect([prices.region, prices.date]).toEqual(['West Europe', expect.stringMatching(/^\d{4}-\d\d-\d\d$/)]);
  expect(prices.source).toContain('Check each');
});
