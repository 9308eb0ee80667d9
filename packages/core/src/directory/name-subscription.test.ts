import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Batch } from '../ports/document-store.ts';
import { CrashError, Crashes } from '../testing/crashes.ts';
import { DirectoryWorld } from '../testing/directory-world.ts';
import { historyOf } from './change-subscription.ts';
import { removeSubscription } from './remove-subscription.ts';
import { putSubscription } from './request-subscription.ts';
import { findSubscription, listSubscriptions, type SubscriptionDocument } from './subscription.ts';

// A subscription, its name and the lists it is in are written one after the other. A crash may come at each of these.

let world: DirectoryWorld;
beforeEach(async () => {
  world = new DirectoryWorld();
  await world.offer();
});
afterEach(() => world.close());

async function put(repository: string): Promise<SubscriptionDocument> {
  const wanted = { service: 'acme/orders', repository };
  return (await putSubscription(world.context(), 'mine', wanted, world.workflow(repository))).document;
}

const points = [1, 2, 3, 4, 5, 6, 7].flatMap((at) => (['before', 'after'] as const).map((when) => [when, at] as const));

/** A context whose n-th write is the last thing that its process does. */
const crashingAt = (at: number, when: 'before' | 'after') => {
  const crashes = new Crashes([{ at, when }]);
  const store = { ...world.store, commit: (batch: Batch) => crashes.effect(() => world.store.commit(batch)) };
  return { ...world.context({ store }), asksAgain: true };
};
const survived = async (work: Promise<unknown>): Promise<void> => {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof CrashError)) throw error;
  }
};
const spec = { service: 'acme/orders', repository: 'initech/tools' };

test.each(points)('%s write %i of a request: asking again finds it, in every list once', async (when, at) => {
  await survived(putSubscription(crashingAt(at, when), 'mine', spec, world.workflow('initech/tools')));
  const found = await put('initech/tools');
  expect(await world.subscription('mine')).toEqual(found);
  expect(await world.subscription(found.id)).toEqual(found);
  for (const whose of ['all', { consumer: found.consumer }] as const)
    expect((await listSubscriptions(world.store, whose, undefined, 10)).items).toEqual([found]);
  expect(await historyOf(world.store, found)).toMatchObject([{ state: 'pending' }]);
});

test.each(points)('%s write %i of a request: what came to nothing is another’s later', async (when, at) => {
  await survived(putSubscription(crashingAt(at, when), 'mine', spec, world.workflow('initech/tools')));
  const isThere = await world.subscription('mine').then(
    () => true,
    () => false,
  );
  world.clock.advance(10 * 60_000);
  const theirs = put('contoso/platform');
  if (isThere) await expect(theirs).rejects.toMatchObject({ code: 'conflict' });
  else expect((await theirs).state).toBe('pending');
});

test.each(points)('%s write %i of a removal: the name is free, and the right is gone', async (when, at) => {
  const { id } = await put('initech/tools');
  const removing = removeSubscription(crashingAt(at, when).store, 'mine', 'operator', world.clock.now());
  await survived(removing);
  if ((await findSubscription(world.store, 'mine')) !== null)
    await removeSubscription(world.store, 'mine', 'operator', world.clock.now());
  const theirs = await put('contoso/platform');
  expect([theirs.state, theirs.id === id]).toEqual(['pending', false]);
  await expect(world.subscription(id)).rejects.toThrow('there is no subscription');
});
