import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openFixture, until, type Fixture } from './fixture.ts';

let world: Fixture;
beforeAll(async () => {
  world = await openFixture({ settings: { ZEKT_DOCTOR_EVERY: '1h', ZEKT_PUBLIC_URL: 'https://elsewhere.example' } });
});
afterAll(() => world.stop());

test('a server that starts looks at itself at once, and warns of what keeps it from working', async () => {
  const warned = (): string | undefined => world.logged.find((line) => line.includes('doctor: '));
  await until(() => warned() !== undefined, 'a warning');
  expect(world.logged.join('\n')).toMatch(/doctor: .*webhook/);
});
