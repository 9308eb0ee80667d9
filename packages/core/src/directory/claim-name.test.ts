import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { lifeDocumentId, repositoryPartition, serviceLabelPartition } from '../identity/keys.ts';
import { DirectoryWorld } from '../testing/directory-world.ts';
import { abandonedAfterMs, claimName, endUnborn, releaseName, type NamePointer } from './claim-name.ts';

let world: DirectoryWorld;
beforeEach(() => {
  world = new DirectoryWorld();
});
afterEach(() => world.close());

const partition = serviceLabelPartition('acme/orders');
const pointer = (repository: string, id: string): NamePointer => ({ provider: world.ref(repository), id });

function claim(repository: string, id: string) {
  const wanted = pointer(repository, id);
  const rules = {
    isOurs: ({ provider }: NamePointer) => provider === wanted.provider,
    isAbandoned: (held: NamePointer) => endUnborn(world.store, held, world.clock.now()),
  };
  return claimName(world.store, partition, wanted, rules, world.clock.now());
}
/** What writes the document of an id begins its life. */
const beginLife = async (repository: string, id: string): Promise<boolean> => {
  const life = { kind: 'create', id: lifeDocumentId(id), body: { isOver: false } } as const;
  return (await world.store.commit({ partition: repositoryPartition(world.ref(repository)), writes: [life] }))
    .committed;
};

test('a claim that came to nothing is the same asker’s still', async () => {
  await claim('acme/requests', 'svc-1');
  expect(await claim('acme/requests', 'svc-2')).toMatchObject({ id: 'svc-1' });
});

test('a claim that came to nothing is another’s to take after ten minutes, and not before', async () => {
  await claim('acme/requests', 'svc-1');
  world.clock.advance(abandonedAfterMs - 1);
  expect(await claim('acme/sibling', 'svc-2')).toBeNull();
  world.clock.advance(1);
  expect(await claim('acme/sibling', 'svc-2')).toMatchObject({ id: 'svc-2' });
  expect(await claim('acme/requests', 'svc-3')).toBeNull();
});

test('a name with something behind it is never taken, visible or not', async () => {
  await claim('acme/requests', 'svc-1');
  await beginLife('acme/requests', 'svc-1');
  world.clock.advance(abandonedAfterMs * 100);
  expect(await claim('acme/sibling', 'svc-2')).toBeNull();
  expect(await claim('acme/requests', 'svc-3')).toMatchObject({ id: 'svc-1' });
});

test('a name whose bearer is gone is free at once, and its id is not used again', async () => {
  await claim('acme/requests', 'svc-1');
  await endUnborn(world.store, pointer('acme/requests', 'svc-1'), world.clock.now());
  expect(await claim('acme/requests', 'svc-2')).toMatchObject({ id: 'svc-2' });
});

// The first asker claims, stands still for ten minutes, loses the name, and wakes up: it must not write what nobody would find.
test('whoever lost a name can no longer write what it claimed it for', async () => {
  await claim('acme/requests', 'svc-1');
  world.clock.advance(abandonedAfterMs);
  await claim('acme/sibling', 'svc-2');
  expect(await beginLife('acme/requests', 'svc-1')).toBe(false);
});

test('two that take an abandoned name at once do not both get it', async () => {
  await claim('acme/requests', 'svc-1');
  world.clock.advance(abandonedAfterMs);
  const results = await Promise.all([claim('acme/sibling', 'svc-2'), claim('contoso/platform', 'svc-3')]);
  expect(results.filter((it) => it !== null)).toHaveLength(1);
});

test('only whoever has a name gives it up', async () => {
  await claim('acme/requests', 'svc-1');
  await releaseName(world.store, partition, 'svc-2');
  expect(await claim('acme/sibling', 'svc-3')).toBeNull();
  await releaseName(world.store, partition, 'svc-1');
  expect(await claim('acme/sibling', 'svc-3')).toMatchObject({ id: 'svc-3' });
});
