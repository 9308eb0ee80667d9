import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { CrashError, Crashes } from '../testing/crashes.ts';
import type { DocumentStore } from '../ports/document-store.ts';
import { DirectoryWorld } from '../testing/directory-world.ts';
import { StaleReads } from '../testing/stale-reads.ts';
import { abandonedAfterMs } from './claim-name.ts';
import { manager } from './party.ts';
import { putService } from './put-service.ts';
import { removeService } from './remove-service.ts';
import { findService, listServices, servicesOf, type ServiceDocument } from './service.ts';
import { findServiceFor } from './visibility.ts';

let world: DirectoryWorld;
beforeEach(() => {
  world = new DirectoryWorld();
});
afterEach(() => world.close());

const declared = (spec: object = {}, name = 'orders') => ({
  metadata: { owner: 'acme', name },
  spec: { repository: 'acme/requests', workflow: '.github/workflows/orders.yaml', ...spec },
});
const put = async (spec: object = {}, name = 'orders', store: DocumentStore = world.store): Promise<ServiceDocument> =>
  (await putService(world.context({ store }), declared(spec, name), manager)).document;
const byLabel = async (): Promise<string | undefined> => (await findService(world.store, 'acme/orders'))?.body.id;
const sibling = { repository: 'acme/sibling' };

describe('a label', () => {
  test('is one repository’s, and the other is told to delete it first', async () => {
    await put();
    await expect(put(sibling)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('Delete it first'),
    });
  });

  test('that two repositories want at once is one’s', async () => {
    const results = await Promise.allSettled([put(), put(sibling)]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const offered = [...(await servicesOf(world.store, world.ref('acme/requests')))];
    offered.push(...(await servicesOf(world.store, world.ref('acme/sibling'))));
    expect(offered.map(({ id }) => id)).toEqual([await byLabel()]);
  });

  test('names another service when it is offered again, in any repository', async () => {
    const first = await put();
    await removeService(world.store, 'acme/orders', 'operator', world.clock.now());
    const second = await put();
    await removeService(world.store, 'acme/orders', 'operator', world.clock.now());
    const third = await put(sibling);
    expect(new Set([first.id, second.id, third.id]).size).toBe(3);
    expect(await byLabel()).toBe(third.id);
  });

  test('stays with its service when that changes', async () => {
    const first = await put();
    expect((await put({ description: 'More.', workflow: '.github/workflows/other.yaml' })).id).toBe(first.id);
    expect(await servicesOf(world.store, world.ref('acme/requests'))).toHaveLength(1);
  });
});

test('a workflow is offered by one service, even when two are declared at once', async () => {
  const results = await Promise.allSettled([put({}, 'one'), put({}, 'two')]);
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(await servicesOf(world.store, world.ref('acme/requests'))).toHaveLength(1);
});

test('a workflow is offered by one service, even when that is not visible yet', async () => {
  await put({ workflow: '.github/workflows/first.yaml' }, 'first');
  const reads = new StaleReads(world.store, { isStale: () => true, now: () => world.clock.now(), lagMs: 1000 });
  await put({}, 'one', reads.client('one'));
  await expect(put({}, 'two', reads.client('two'))).rejects.toMatchObject({ code: 'conflict' });
  const offered = await servicesOf(world.store, world.ref('acme/requests'));
  expect(offered.map(({ name }) => name).sort()).toEqual(['first', 'one']);
});

test('a workflow that a service offers no more may be offered by another', async () => {
  await put({}, 'one');
  await put({ workflow: '.github/workflows/other.yaml' }, 'one');
  await put({}, 'two');
  expect(await servicesOf(world.store, world.ref('acme/requests'))).toHaveLength(2);
});

test('an issuer other than that of the App’s GitHub is refused', async () => {
  await expect(put({ issuer: 'https://elsewhere.example' })).rejects.toMatchObject({
    code: 'invalid_resource',
    message: expect.stringContaining("got 'https://elsewhere.example'"),
  });
});

test('an alias is one account’s, and points to one service', async () => {
  const first = await put({ alias: 'guild' });
  await expect(put({ alias: 'Guild', repository: 'initech/tools' }, 'fake')).rejects.toThrow("is another provider's");
  expect((await findServiceFor(world.store, 'guild/orders', null))?.id).toBe(first.id);
  await put({ alias: 'gilde' });
  expect(await findServiceFor(world.store, 'guild/orders', null)).toBeNull();
  expect((await findServiceFor(world.store, 'gilde/orders', null))?.id).toBe(first.id);
});

/** A store whose n-th write is the last thing that its process does. */
const crashingAt = (at: number, when: 'before' | 'after'): DocumentStore => {
  const crashes = new Crashes([{ at, when }]);
  return { ...world.store, commit: (batch) => crashes.effect(() => world.store.commit(batch)) };
};
const survived = async (work: () => Promise<unknown>): Promise<void> => {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof CrashError)) throw error;
  }
};
const points = [1, 2, 3, 4, 5, 6].flatMap((at) => (['before', 'after'] as const).map((when) => [when, at] as const));

describe('a crash', () => {
  test.each(points)(
    '%s write %i of a new service leaves nothing that applying it again does not mend',
    async (when, at) => {
      await survived(() => put({ alias: 'guild' }, 'orders', crashingAt(at, when)));
      const mended = await put({ alias: 'guild' });
      expect(await byLabel()).toBe(mended.id);
      expect((await findServiceFor(world.store, 'guild/orders', null))?.id).toBe(mended.id);
      expect((await listServices(world.store, undefined, 10)).items.map(({ id }) => id)).toEqual([mended.id]);
      expect(await servicesOf(world.store, world.ref('acme/requests'))).toHaveLength(1);
    },
  );

  test.each(points)('%s write %i of a removal keeps nobody from the label for ever', async (when, at) => {
    const first = await put({ alias: 'guild' });
    await survived(() => removeService(crashingAt(at, when), 'acme/orders', 'operator', world.clock.now()));
    if ((await byLabel()) !== undefined) await removeService(world.store, 'acme/orders', 'operator', world.clock.now());
    world.clock.advance(abandonedAfterMs);
    const second = await put({ alias: 'guild', ...sibling });
    expect(second.id).not.toBe(first.id);
    expect((await findServiceFor(world.store, 'guild/orders', null))?.id).toBe(second.id);
  });
});
