import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { queues } from '@zekt/core';
import { aMoment, openFixture, until, type Fixture } from './fixture.ts';
import { runZekt } from './run-zekt.ts';

let world: Fixture;
let revived: string[];

/** A bus with one dead letter; that reviving works is for the suite of every bus. */
beforeEach(async () => {
  revived = [];
  world = await openFixture({
    wrap: (ports) => ({
      ...ports,
      bus: {
        ...ports.bus,
        revive: async (queue, id) => {
          if (id !== 'dispatch:1') return false;
          revived.push(`${queue} ${id}`);
          return true;
        },
        reviveAll: async (queue) => {
          revived.push(`${queue} all`);
          return queue === 'dispatch' ? 3 : 0;
        },
      },
    }),
  });
});
afterEach(() => world.stop());

test('a dead letter is put back by its queue and id', async () => {
  const { code, stdout } = await runZekt(['revive', 'dispatch', 'dispatch:1'], world.clientEnvironment);
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'dispatch:1 is back in dispatch\n' });
  expect(revived).toEqual(['dispatch dispatch:1']);
});

test('one that is not there, and a queue that does not exist, are refused by name', async () => {
  const missing = await runZekt(['revive', 'track', 'nothing'], world.clientEnvironment);
  expect(missing.code).not.toBe(0);
  expect(missing.stderr).toContain("The queue 'track' has no dead letter 'nothing'.");
  const wrong = await runZekt(['revive', 'elsewhere', 'x'], world.clientEnvironment);
  expect(wrong.code).toBe(2);
  expect(revived).toEqual([]);
});

test('all of a queue, or of every queue, are put back at once', async () => {
  const one = await runZekt(['dead-letter', 'revive', '--all', '--queue', 'dispatch'], world.clientEnvironment);
  expect(one).toMatchObject({ code: 0, stdout: 'dispatch: 3 back\n' });
  const every = await runZekt(['dead-letter', 'revive', '--all', '--json'], world.clientEnvironment);
  expect(JSON.parse(every.stdout)).toContainEqual({ queue: 'dispatch', revived: 3 });
  expect(revived).toEqual(['dispatch all', ...queues.map((queue) => `${queue} all`)]);
});

test('neither one nor all is wrong use, and says what is missing', async () => {
  const { code, stderr } = await runZekt(['dead-letter', 'revive'], world.clientEnvironment);
  expect(code).toBe(2);
  expect(stderr).toContain('Give its queue and its id, or --all.');
});

test('a redrive goes over the runs since a time, and sends nothing twice', async () => {
  const run = world.startRun();
  await world.send(run);
  world.github.completeRun(run);
  await until(async () => (await world.deliveries()).every(({ state }) => state === 'dispatched'), 'all are sent');
  await until(() => world.github.world.dispatches.length === 2, 'GitHub has both');
  const dry = await runZekt(['redrive', '--since', '1h', '--dry-run'], world.clientEnvironment);
  expect(dry.stdout).toMatch(/^1 runs since .* would be gone over again\n$/);
  const sentByGitHub = world.github.webhooks.deliveries.length;
  const webhooks = await runZekt(
    ['redrive', '--since', '1h', '--webhooks', '--dry-run', '--json'],
    world.clientEnvironment,
  );
  // Of the run its completion alone, and the news of two installations.
  expect(JSON.parse(webhooks.stdout)).toMatchObject({ runs: 1, webhooks: 3 });
  expect(world.github.webhooks.deliveries).toHaveLength(sentByGitHub);
  const { code, stdout } = await runZekt(['redrive', '--since', '1h', '--webhooks'], world.clientEnvironment);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^1 runs and 3 webhooks since .* are gone over again\n$/);
  await until(() => world.github.webhooks.deliveries.length === sentByGitHub + 3, 'GitHub sends them again');
  await aMoment();
  expect(world.github.world.dispatches).toHaveLength(2);
  expect(await world.deliveries()).toHaveLength(2);
  const wrong = await runZekt(['redrive', '--since', 'yesterday'], world.clientEnvironment);
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toContain("got 'yesterday'");
});
