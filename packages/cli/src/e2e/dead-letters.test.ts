import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openFixture, type Fixture } from './fixture.ts';
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
