import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { CosmosClient, type Container } from '@azure/cosmos';
import { CosmosDouble } from './cosmos-double.ts';
import { staleReads } from './stale-reads.ts';

let now = Date.UTC(2026, 10, 22);
let double: CosmosDouble;
let client: CosmosClient;
let container: Container;
let partition: string;

beforeAll(async () => {
  double = await CosmosDouble.start({ now: () => now });
  client = new CosmosClient({ endpoint: double.endpoint, key: double.key });
  const { database } = await client.databases.createIfNotExists({ id: 'zekt' });
  const created = await database.containers.createIfNotExists({
    id: 'state',
    partitionKey: { paths: ['/pk'] },
    defaultTtl: -1,
    indexingPolicy: { includedPaths: [{ path: '/key/?' }], excludedPaths: [{ path: '/*' }] },
  });
  container = created.container;
});
afterAll(async () => {
  client.dispose();
  await double.stop();
});
beforeEach(() => {
  partition = crypto.randomUUID();
  double.fault = () => undefined;
  double.lag = null;
});

const create = (id: string, body: object = {}) => container.items.create({ id, pk: partition, key: id, ...body });
const status = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'done',
    (error: unknown) => (error as { code?: unknown }).code,
  );

test('a document is created, read, replaced and deleted, with an ETag for each state', async () => {
  const { etag } = await create('a', { n: 1 });
  const item = container.item('a', partition);
  const read = await item.read<{ n: number }>();
  expect(read.resource?.n).toBe(1);
  expect(read.etag).toBe(etag);
  const replaced = await item.replace({ id: 'a', pk: partition, n: 2 });
  expect(replaced.etag).not.toBe(etag);
  await item.delete();
  expect((await item.read()).statusCode).toBe(404);
});

test('of racing writers with one ETag exactly one wins', async () => {
  const { etag } = await create('a');
  const race = await Promise.all(
    [1, 2, 3, 4, 5].map((n) =>
      status(
        container
          .item('a', partition)
          .replace({ id: 'a', pk: partition, n }, { accessCondition: { type: 'IfMatch', condition: etag } }),
      ),
    ),
  );
  expect(race.filter((it) => it === 'done')).toHaveLength(1);
  expect(race.filter((it) => it === 412)).toHaveLength(4);
});

test('a batch is all or nothing', async () => {
  await create('taken');
  const operations = ['fresh', 'taken'].map((id) => ({
    operationType: 'Create' as const,
    resourceBody: { id, pk: partition, key: id },
  }));
  const { code, result } = await container.items.batch(operations, partition);
  expect(code).toBe(207);
  expect(result?.map(({ statusCode }) => statusCode)).toEqual([424, 409]);
  expect((await container.item('fresh', partition).read()).statusCode).toBe(404);
});

test('what Azure refuses is refused', async () => {
  await create('a');
  expect(await status(create('a'))).toBe(409);
  expect(await status(create('with/slash'))).not.toBe('done');
  expect(await status(create('a'.repeat(1024)))).toBe(400);
  expect(await status(create('zero', { ttl: 0 }))).toBe(400);
  expect(await status(create('large', { text: 'x'.repeat(2 * 1024 * 1024) }))).toBe(413);
  const operations = Array.from({ length: 101 }, (_, n) => ({
    operationType: 'Create' as const,
    resourceBody: { id: `d${n}`, pk: partition },
  }));
  expect(await status(container.items.batch(operations, partition))).not.toBe('done');
  const stranger = new CosmosClient({ endpoint: double.endpoint, key: Buffer.from('wrong').toString('base64') });
  expect(await status(stranger.database('zekt').container('state').item('a', partition).read())).toBe(401);
  stranger.dispose();
});

const query = (text: string, options: object = { partitionKey: partition }) =>
  container.items.query<{ id: string }>(text, options).fetchAll();

test('a query filters and sorts within a partition and goes on where the page before ended', async () => {
  for (const id of ['b2', 'a1', 'b1', 'b3']) await create(id);
  await container.items.create({ id: 'b9', pk: `${partition}-other`, key: 'b9' });
  const { resources } = await query("SELECT * FROM c WHERE c.key >= 'b' AND c.key < 'c' ORDER BY c.key DESC", {
    partitionKey: partition,
    maxItemCount: 2,
  });
  expect(resources.map(({ id }) => id)).toEqual(['b3', 'b2', 'b1']);
  const count = await container.items
    .query<number>('SELECT VALUE COUNT(1) FROM c WHERE IS_DEFINED(c.key)', { partitionKey: partition })
    .fetchAll();
  expect(count.resources).toEqual([4]);
});

test.each([
  ['an order across partitions', 'SELECT * FROM c ORDER BY c.key', {}],
  ['an order without an index', 'SELECT * FROM c ORDER BY c.body', undefined],
  ['a join', 'SELECT * FROM c JOIN d IN c.list', undefined],
  ['half a query', 'SELECT * FROM c WHERE', undefined],
])('%s is refused', async (_, text, options) => {
  await create('a');
  expect(await status(query(text, options))).toBe(400);
});

test('time to live takes a document away', async () => {
  await create('a', { ttl: 60 });
  now += 59_000;
  expect((await container.item('a', partition).read()).statusCode).toBe(200);
  now += 1000;
  expect((await container.item('a', partition).read()).statusCode).toBe(404);
});

test('the change feed gives each changed document once, with its last content', async () => {
  const feed = container.items.getChangeFeedIterator<{ id: string; n: number }>({ maxItemCount: 100 });
  while ((await feed.readNext()).statusCode !== 304);
  await create('a', { n: 1 });
  await create('b', { n: 1 });
  await container.item('a', partition).replace({ id: 'a', pk: partition, n: 2 });
  const page = await feed.readNext();
  expect(page.result.map(({ id, n }) => `${id}${n}`)).toEqual(['b1', 'a2']);
  expect((await feed.readNext()).statusCode).toBe(304);
});

test('a fault hook refuses, and the SDK waits as told and tries again', async () => {
  await create('a');
  let refused = 0;
  double.fault = ({ kind }) =>
    kind === 'read' && (refused += 1) <= 2 ? { kind: 'refuse', status: 429, retryAfterMs: 20 } : undefined;
  expect((await container.item('a', partition).read()).statusCode).toBe(200);
  expect(refused).toBe(3);
});

test('a connection that is cut after the work hides what was done', async () => {
  double.fault = ({ kind }) => (kind === 'create' ? { kind: 'cut', when: 'after' } : undefined);
  expect(await status(create('a'))).not.toBe('done');
  double.fault = () => undefined;
  expect((await container.item('a', partition).read()).statusCode).toBe(200);
});

test('what was served is counted, with an estimate of its charge', async () => {
  const before = double.served.get('read')?.count ?? 0;
  await create('a');
  await container.item('a', partition).read();
  expect(double.served.get('read')?.count).toBe(before + 1);
  expect(double.served.get('create')?.charge).toBeGreaterThanOrEqual(5);
});

test('a replacement costs twice an insert, and what was done in a batch is counted by what it was', async () => {
  const count = (kind: string) => double.operations.get(kind) ?? { count: 0, charge: 0, uniformCharge: 0 };
  const before = { create: count('create'), replace: count('replace') };
  const resourceBody = { id: 'a', pk: partition, key: 'a' };
  await container.items.batch([{ operationType: 'Create', resourceBody }], partition);
  const { headers } = await container.items.upsert(resourceBody);
  expect(count('create').charge - before.create.charge).toBeCloseTo(5);
  expect(count('replace').charge - before.replace.charge).toBeCloseTo(10);
  expect(count('replace').uniformCharge - before.replace.uniformCharge).toBeCloseTo(5);
  expect(Number(headers['x-ms-request-charge'])).toBeCloseTo(10);
});

/** A client as another process has one. */
const stranger = (consistencyLevel?: 'Session') =>
  new CosmosClient({ endpoint: double.endpoint, key: double.key, ...(consistencyLevel && { consistencyLevel }) });
const stateOf = (of: CosmosClient) => of.database('zekt').container('state');

test('what another client wrote may not be visible yet, but what the session has written or seen is', async () => {
  double.lag = () => 1;
  const [writer, reader] = [stranger('Session'), stranger('Session')];
  const { etag } = await stateOf(writer).items.create({ id: 'a', pk: partition, key: 'a', n: 1 });
  const mine = stateOf(writer).item('a', partition);
  const theirs = stateOf(reader).item('a', partition);
  const list = () =>
    stateOf(reader).items.query("SELECT * FROM c WHERE c.key >= ''", { partitionKey: partition }).fetchAll();
  expect((await mine.read<{ n: number }>()).resource?.n).toBe(1);
  expect((await theirs.read()).statusCode).toBe(404);
  expect((await list()).resources).toEqual([]);
  await mine.replace({ id: 'a', pk: partition, key: 'a', n: 2 });
  expect((await theirs.read<{ n: number }>()).resource?.n).toBe(1);
  expect((await list()).resources).toMatchObject([{ n: 1 }]);
  // A conflict is answered by who has all, and says how far it is.
  const condition = { accessCondition: { type: 'IfMatch' as const, condition: etag } };
  expect(await status(theirs.replace({ id: 'a', pk: partition, key: 'a', n: 3 }, condition))).toBe(412);
  expect((await theirs.read<{ n: number }>()).resource?.n).toBe(2);
  writer.dispose();
  reader.dispose();
});

test('a deletion by another client may not be visible yet', async () => {
  double.lag = () => 1;
  const reader = stranger('Session');
  await create('a');
  await container.item('a', partition).delete();
  expect((await stateOf(reader).item('a', partition).read()).statusCode).toBe(200);
  reader.dispose();
});

test('a client that does not ask for session consistency may miss what it wrote itself', async () => {
  double.lag = () => 1;
  const careless = stranger();
  await stateOf(careless).items.create({ id: 'a', pk: partition, key: 'a' });
  expect((await stateOf(careless).item('a', partition).read()).statusCode).toBe(404);
  careless.dispose();
});

test('which reads are stale is the same for the same seed', () => {
  const draw = (seed: number): number[] => Array.from({ length: 50 }, staleReads(seed));
  expect(draw(1)).toEqual(draw(1));
  expect(draw(1)).not.toEqual(draw(2));
  expect(draw(1).some((lag) => lag === 0)).toBe(true);
  expect(draw(1).some((lag) => lag > 1)).toBe(true);
});

test('a question across physical partitions is answered page by page, partition by partition', async () => {
  const large = await CosmosDouble.start({ partitionCount: 3 });
  const of = new CosmosClient({ endpoint: large.endpoint, key: large.key, consistencyLevel: 'Session' });
  const { database } = await of.databases.createIfNotExists({ id: 'zekt' });
  const created = await database.containers.createIfNotExists({ id: 'state', partitionKey: { paths: ['/pk'] } });
  const ids = Array.from({ length: 20 }, (_, n) => `d${n}`);
  for (const id of ids) await created.container.items.create({ id, pk: id, n: 1 });
  const pages = created.container.items.query<{ id: string }>('SELECT * FROM c WHERE c.n = 1', { maxItemCount: 100 });
  const sizes: number[] = [];
  const found: string[] = [];
  while (pages.hasMoreResults()) {
    const { resources } = await pages.fetchNext();
    sizes.push(resources.length);
    found.push(...resources.map(({ id }) => id));
  }
  expect(sizes).toHaveLength(3);
  expect(found.sort()).toEqual([...ids].sort());
  expect((await created.container.item('d7', 'd7').read()).statusCode).toBe(200);
  of.dispose();
  await large.stop();
});
