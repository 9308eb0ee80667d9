import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { SlackSimulator } from '@zekt/simulator';
import { openFixture, until, type Fixture } from './fixture.ts';
import { runZekt } from './run-zekt.ts';

let world: Fixture;
let slack: SlackSimulator;
let file: string;

beforeAll(async () => {
  slack = await SlackSimulator.start();
  world = await openFixture({ settings: { ZEKT_NOTIFICATION_RETRY_SCHEDULE: '50ms' } });
  file = join(await mkdtemp(join(tmpdir(), 'zekt-notifications-')), 'flux.yaml');
  await writeFile(
    file,
    `apiVersion: v1
kind: Secret
metadata: { name: slack-url, namespace: flux-system }
stringData: { address: "${slack.webhookUrl}" }
---
apiVersion: notification.toolkit.fluxcd.io/v1beta3
kind: Provider
metadata: { name: slack, namespace: flux-system }
spec: { type: slack, channel: general, secretRef: { name: slack-url } }
---
apiVersion: notification.toolkit.fluxcd.io/v1beta3
kind: Alert
metadata: { name: on-call, namespace: flux-system }
spec: { providerRef: { name: slack }, eventSources: [{ kind: Kustomization, name: "*" }] }
`,
  );
});
afterAll(async () => {
  await world.stop();
  await slack.stop();
});

const zekt = (...args: string[]) => runZekt(args, world.clientEnvironment);

test('apply, list and get show what there is, and nothing secret', async () => {
  const dry = await zekt('apply', '-f', file, '--dry-run');
  expect(dry.stdout).toContain('Provider flux-system/slack: created (dry run)');
  expect((await zekt('apply', '-f', file)).stdout).toContain('Secret flux-system/slack-url: created');
  const providers = await zekt('providers', 'list');
  expect(providers.stdout).toMatch(/flux-system\/slack +slack +ready +closed/);
  expect((await zekt('alerts', 'list')).stdout).toMatch(/flux-system\/on-call +slack +info +Kustomization\/\* +all/);
  const yaml = await zekt('get', 'providers');
  expect(yaml.stdout).toContain('name: slack-url');
  for (const { stdout } of [dry, providers, yaml, await zekt('get', 'alerts')]) expect(stdout).not.toContain('canary');
});

test('a test shows the request and the exact answer', async () => {
  const good = await zekt('providers', 'test', 'flux-system/slack', '--message', 'hello');
  expect(good).toMatchObject({ code: 0, stderr: '' });
  expect(good.stdout).toMatch(/^POST http:\/\/127\.0\.0\.1:\d+\/\*\*\*\nContent-Type: application\/json\n/);
  expect(good.stdout).toContain('"text":"hello"');
  expect(good.stdout).toContain('→ 200 ok');
  expect(slack.messages).toHaveLength(1);
  slack.faults.push({ status: 404, body: 'no_team' });
  const bad = await zekt('providers', 'test', 'flux-system/slack');
  expect(bad.code).toBe(1);
  expect(bad.stdout).toContain('→ 404 no_team');
  expect(bad.stdout).toContain('flux-system/slack: refused: It answered 404: no_team');
  expect(bad.stderr).toBe('zekt: the test of flux-system/slack failed\n');
  const dry = await zekt('providers', 'test', 'flux-system/slack', '--dry-run');
  expect(dry).toMatchObject({ code: 0 });
  expect(dry.stdout).toContain('dry run: nothing was sent');
  expect(slack.messages).toHaveLength(1);
  expect(await zekt('providers', 'test', 'a/b/c')).toMatchObject({ code: 2 });
  expect((await zekt('providers', 'test', 'nobody')).stderr).toBe("zekt: There is no provider 'nobody'.\n");
});

test('what was given up is listed, shown and replayed', async () => {
  slack.faults.push({ status: 500, body: 'ill' }, { status: 500, body: 'ill' });
  await world.client('receiveNotificationEvent', {
    body: {
      involvedObject: { kind: 'Kustomization', name: 'apps', namespace: 'flux-system' },
      severity: 'error',
      message: 'health check failed',
      reason: 'HealthCheckFailed',
    },
  });
  const first = async () => (await world.client('listNotifications')).items[0];
  await until(async () => (await first())?.state === 'deadlettered', 'given up');
  const id = (await first())?.id ?? '';
  expect((await zekt('notifications', 'list')).stdout).toMatch(
    new RegExp(`${id} +deadlettered +flux-system/slack +flux-system/on-call +Kustomization/apps +error +2 `),
  );
  const shown = await zekt('notifications', 'show', id);
  expect(shown.stdout).toContain('Kustomization/flux-system/apps, error, HealthCheckFailed');
  expect(shown.stdout).toContain('again 500: It answered 500: ill');
  expect(shown.stdout).toContain('Given up after 2 tries.');
  expect(await zekt('notifications', 'replay', id)).toMatchObject({ code: 0 });
  await until(async () => (await first())?.state === 'sent', 'sent');
  expect(slack.messages.at(-1)?.attachments[0]?.text).toBe('health check failed');
  expect((await zekt('notifications', 'replay', 'notification-nothing')).stderr).toContain('There is no notification');
});

test('removing', async () => {
  expect(await zekt('delete', 'alert', 'flux-system/on-call')).toMatchObject({ code: 0 });
  expect(await zekt('delete', 'provider', 'flux-system/slack')).toMatchObject({ code: 0 });
  expect(JSON.parse((await zekt('providers', 'list', '--json')).stdout)).toEqual([]);
});
