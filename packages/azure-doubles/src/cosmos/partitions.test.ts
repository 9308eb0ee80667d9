import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { CosmosClient, type Container } from '@azure/cosmos';
import { CosmosDouble } from './cosmos-double.ts';

let now = Date.UTC(2026, 10, 22);
let double: CosmosDouble;
let client: CosmosClient;
let container: Container;

interface Item {
  readonly id: string;
  readonly n: number;
}

const connect = async (options: { partitionCount?: number; splitAfter?: number }): Promise<void> => {
  double = await CosmosDouble.start({ ...options, now: () => now });
  client = clientOf();
  const { database } = await client.databases.createIfNotExists({ id: 'zekt' });
  ({ container } = await database.containers.createIfNotExists({ id: 'state', partitionKey: { paths: ['/pk'] } }));
};
/** Each is a process of its own, with a session of its own. */
const clientOf = (): CosmosClient =>
  new CosmosClient({ endpoint: double.endpoint, key: double.key, consistencyLevel: 'Session' });
const stateOf = (of: CosmosClient): Container => of.database('zekt').container('state');
const others: CosmosClient[] = [];
const other = (): Container => {
  const made = clientOf();
  others.push(made);
  return stateOf(made);
};

beforeEach(() => connect({ partitionCount: 3 }));
afterEach(async () => {
  for (const it of [client, ...others.splice(0)]) it.dispose();
  await double.stop();
});

const idsOf = (count: number, prefix = 'd'): string[] => Array.from({ length: count }, (_, n) => `${prefix}${n}`);
async function createAll(ids: readonly string[]): Promise<void> {
  for (const id of ids) await container.items.create({ id, pk: id, n: 1 });
}
/** What the change feed has got, until it says that there is no more. */
async function drain(feed: ReturnType<Container['items']['getChangeFeedIterator']>): Promise<string[]> {
  const found: string[] = [];
  for (;;) {
    const page = await feed.readNext();
    if (page.statusCode === 304) return found;
    found.push(...(page.result as unknown as Item[]).map(({ id }) => id));
  }
}

test('a split gives new ranges, which know where they come from, and every document is where it was', async () => {
  await createAll(idsOf(12));
  double.split();
  const { resources } = await client.database('zekt').container('state').readPartitionKeyRanges().fetchAll();
  expect(resources.map(({ id, parents }) => [id, parents])).toEqual([
    ['3', ['0']],
    ['4', ['0']],
    ['5', ['1']],
    ['6', ['1']],
    ['7', ['2']],
    ['8', ['2']],
  ]);
  for (const id of idsOf(12)) expect((await container.item(id, id).read<Item>()).resource?.id).toBe(id);
});

test('a question across physical partitions that split between two of its pages finds each document once', async () => {
  const ids = idsOf(60);
  await createAll(ids);
  const pages = container.items.query<Item>('SELECT * FROM c WHERE c.n = 1', { maxItemCount: 4 });
  const found: string[] = [];
  for (let page = 0; pages.hasMoreResults(); page += 1) {
    found.push(...(await pages.fetchNext()).resources.map(({ id }) => id));
    if (page === 1 || page === 5) double.split();
  }
  expect(found.sort()).toEqual([...ids].sort());
});

test('documents that are taken away between two pages make the question miss no other', async () => {
  const ids = idsOf(30);
  await createAll(ids);
  const pages = container.items.query<Item>('SELECT * FROM c WHERE c.n = 1', { maxItemCount: 4 });
  const found: string[] = [];
  while (pages.hasMoreResults()) {
    for (const { id } of (await pages.fetchNext()).resources) {
      found.push(id);
      await container.item(id, id).delete();
    }
  }
  expect(found.sort()).toEqual([...ids].sort());
});

test('the change feed goes on in the children of a range that is gone, and gives each document once', async () => {
  const feed = container.items.getChangeFeedIterator({ maxItemCount: 3 });
  await drain(feed);
  const before = idsOf(20, 'a');
  await createAll(before);
  const page = await feed.readNext();
  const first = (page.result as unknown as Item[]).map(({ id }) => id);
  double.split();
  const after = idsOf(20, 'b');
  await createAll(after);
  const rest = await drain(feed);
  expect([...first, ...rest].sort()).toEqual([...before, ...after].sort());
});

test('a range that is gone is refused with 410 and sub-status 1002', async () => {
  const seen: unknown[] = [];
  double.onAnswer = ({ status, subStatus }) => {
    if (status === 410) seen.push(subStatus);
  };
  const feed = container.items.getChangeFeedIterator({ maxItemCount: 3 });
  await drain(feed);
  double.split();
  await drain(feed);
  // The SDK then asks for all ranges anew.
  expect(seen).toEqual(['1002']);
});

test('what a session has seen of a physical partition it sees in its children', async () => {
  double.lag = () => 8;
  await createAll(idsOf(12));
  const stranger = other();
  expect((await stranger.item('d11', 'd11').read()).statusCode).toBe(404);
  double.split();
  for (const id of idsOf(12)) expect((await container.item(id, id).read<Item>()).resource?.n).toBe(1);
  expect((await stranger.item('d11', 'd11').read()).statusCode).toBe(404);
});

test('a replica may be behind by several operations, and shows what was there then', async () => {
  let lag = 0;
  double.lag = () => lag;
  await container.items.create({ id: 'a', pk: 'a', n: 0 });
  for (let n = 1; n <= 4; n += 1) await container.item('a', 'a').replace({ id: 'a', pk: 'a', n });
  const seen: unknown[] = [];
  for (lag of [5, 4, 2, 1, 0]) seen.push((await other().item('a', 'a').read<Item>()).resource?.n);
  expect(seen).toEqual([undefined, 0, 2, 3, 4]);
  // What it has seen it never unsees.
  const reader = other();
  lag = 1;
  expect((await reader.item('a', 'a').read<Item>()).resource?.n).toBe(3);
  lag = 4;
  expect((await reader.item('a', 'a').read<Item>()).resource?.n).toBe(3);
});

test('physical partitions split by themselves when they have grown', async () => {
  client.dispose();
  await double.stop();
  await connect({ splitAfter: 5 });
  await createAll(idsOf(40));
  const { resources } = await container.readPartitionKeyRanges().fetchAll();
  expect(resources.length).toBeGreaterThan(2);
  expect(resources.length).toBeLessThanOrEqual(8);
});

test('what needs more request units than there are in a second is refused, with the time until the next', async () => {
  const refusals: unknown[] = [];
  double.onAnswer = ({ status, subStatus, retryAfterMs }) => {
    if (status !== 429) return;
    refusals.push([subStatus, retryAfterMs]);
    // Somebody waits: time passes.
    now += retryAfterMs ?? 0;
  };
  double.unitsPerSecond = 12;
  now += 1000 - (now % 1000);
  const create = (n: number) => container.items.create({ id: `r${n}`, pk: 'same', n });
  for (let n = 0; n < 3; n += 1) await create(n);
  expect(refusals).toEqual([]);
  now += 990;
  await create(3);
  expect(refusals).toEqual([['3200', 10]]);
});

test('prices are as Microsoft gives them: 1 RU to read 1 kB, 10 to read 100 kB, 5 to insert 1 kB, twice that to replace', async () => {
  const charge = ({ headers }: { headers: object }): number =>
    Number((headers as Record<string, unknown>)['x-ms-request-charge']);
  const feed = container.items.getChangeFeedIterator({});
  await drain(feed);
  const created = await container.items.create({ id: 'a', pk: 'a', text: '' });
  expect(charge(created)).toBeCloseTo(5);
  expect(charge(await container.item('a', 'a').replace({ id: 'a', pk: 'a', text: '' }))).toBeCloseTo(10);
  expect(charge(await container.item('a', 'a').read())).toBeCloseTo(1);
  await container.items.create({ id: 'b', pk: 'b', text: 'x'.repeat(100 * 1024 - 250) });
  expect(charge(await container.item('b', 'b').read())).toBeCloseTo(10, 0);
  // Both documents, and each range asked in vain in the end.
  await drain(feed);
  expect(double.operations.get('feed')?.charge).toBeGreaterThan(100);
});
