import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { version } from '@zekt/contracts';
import { silentLog } from '@zekt/core';
import { createWorld, type DevWorld } from '../../packages/cli/src/dev/dev-world.ts';
import { openTestBackend, type TestBackend } from '../../packages/cli/src/e2e/backends.ts';

// An operator has made a mistake in a setting: the app is there, and says so.

let backend: TestBackend;
let world: DevWorld;
const reference = '@Microsoft.KeyVault(SecretUri=https://kv-zekt.vault.azure.net/secrets/admin-token)';

beforeAll(async () => {
  backend = await openTestBackend(() => undefined);
  world = await createWorld({
    log: silentLog,
    ...(backend.start && { start: backend.start }),
    settings: { ...backend.settings, ZEKT_ADMIN_TOKEN: reference, ZEKT_DISPATCH_BURST: 'many' },
  });
});
afterAll(async () => {
  await world.stop();
  await backend.stop();
});

test('health answers whatever the settings are', async () => {
  const response = await fetch(`${world.zekt.url}/api/health`);
  expect([response.status, await response.json()]).toEqual([200, { status: 'ok', version }]);
  expect((await fetch(`${world.zekt.url}/api/health`, { method: 'HEAD' })).status).toBe(200);
});

test('every other route names the settings that are wrong, and not their values', async () => {
  for (const path of ['/api/ready', '/api/services', '/api/nothing']) {
    const response = await fetch(`${world.zekt.url}${path}`, { headers: { authorization: `Bearer ${reference}` } });
    const body = (await response.json()) as { error: string };
    expect([response.status, body]).toEqual([503, expect.objectContaining({ code: 'misconfigured' })]);
    expect(body.error).toContain('ZEKT_ADMIN_TOKEN, ZEKT_DISPATCH_BURST');
    expect(body.error).not.toMatch(/kv-zekt|many/);
    expect(response.headers.get('retry-after')).toBe('5');
  }
});
