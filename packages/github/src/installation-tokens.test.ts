import { expect, test } from '@jest/globals';
import { ManualClock } from '@zekt/core/testing';
import { InstallationTokens } from './installation-tokens.ts';

const scope = { installationId: '1', repositoryId: '2', permissions: { contents: 'write' } } as const;
const minute = 60_000;

function tokens(clock: ManualClock) {
  let count = 0;
  const cache = new InstallationTokens(async () => {
    count += 1;
    return {
      token: `token-${count}`,
      expiresAt: clock.now() + 60 * minute,
      repository: 'contoso/platform',
      ownerId: '7',
    };
  }, clock);
  return { cache, count: () => count };
}

test('a token is kept until five minutes before it expires', async () => {
  const clock = new ManualClock();
  const { cache } = tokens(clock);
  expect((await cache.get(scope)).token).toBe('token-1');
  clock.advance(55 * minute - 1);
  expect((await cache.get(scope)).token).toBe('token-1');
  clock.advance(1);
  expect((await cache.get(scope)).token).toBe('token-2');
});

test('callers that ask together share one request', async () => {
  const { cache, count } = tokens(new ManualClock());
  await Promise.all(Array.from({ length: 50 }, () => cache.get(scope)));
  expect(count()).toBe(1);
});

test('other repositories and permissions have tokens of their own', async () => {
  const { cache, count } = tokens(new ManualClock());
  await cache.get(scope);
  await cache.get({ ...scope, repositoryId: '3' });
  await cache.get({ ...scope, permissions: { actions: 'read' } });
  expect(count()).toBe(3);
});

test('a failure is told to all who asked together, and not remembered', async () => {
  let fails = true;
  const cache = new InstallationTokens(async () => {
    if (fails) throw new Error('no');
    return { token: 'good', expiresAt: Infinity, repository: null, ownerId: null };
  }, new ManualClock());
  await expect(Promise.all([cache.get(scope), cache.get(scope)])).rejects.toThrow('no');
  fails = false;
  expect((await cache.get(scope)).token).toBe('good');
});

test('a token is dropped once, however many find out at the same time that it is stale', async () => {
  const { cache, count } = tokens(new ManualClock());
  const stale = await cache.get(scope);
  await cache.drop(scope, stale);
  const fresh = await cache.get(scope);
  await cache.drop(scope, stale);
  expect(await cache.get(scope)).toBe(fresh);
  expect(count()).toBe(2);
});
