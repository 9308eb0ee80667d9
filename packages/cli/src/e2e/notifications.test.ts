import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Notification } from '@zekt/contracts';
import { SlackSimulator } from '@zekt/simulator';
import { RefusedError } from '../client.ts';
import { aMoment, openFixture, until, type Fixture } from './fixture.ts';

// From an event to somebody else's server: on every backend, through the public doors.

let world: Fixture;
let slack: SlackSimulator;

beforeEach(async () => {
  slack = await SlackSimulator.start();
  world = await openFixture({ settings: { ZEKT_NOTIFICATION_RETRY_SCHEDULE: '50ms,50ms,50ms' } });
});
afterEach(async () => {
  await world.stop();
  await slack.stop();
});

const flux = 'notification.toolkit.fluxcd.io/v1beta3';
const namespace = 'flux-system';

const secret = () => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'slack-url', namespace },
  data: { address: Buffer.from(`${slack.webhookUrl}\n`).toString('base64') },
});
const provider = (spec: object = {}) => ({
  apiVersion: flux,
  kind: 'Provider',
  metadata: { name: 'slack', namespace },
  spec: { type: 'slack', channel: 'ops', secretRef: { name: 'slack-url' }, ...spec },
});
const alert = (spec: object = {}) => ({
  apiVersion: flux,
  kind: 'Alert',
  metadata: { name: 'on-call', namespace },
  spec: { providerRef: { name: 'slack' }, eventSources: [{ kind: 'Kustomization', name: '*' }], ...spec },
});
const apply = (...resources: object[]) => world.client('applyResources', { body: { resources } });

const event = (changes: object = {}): object => ({
  involvedObject: {
    kind: 'Kustomization',
    name: 'apps',
    namespace,
    uid: 'a1b2',
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
  },
  severity: 'info',
  timestamp: '2031-02-03T04:05:06Z',
  message: 'applied',
  reason: 'ReconciliationSucceeded',
  metadata: { 'kustomize.toolkit.fluxcd.io/revision': 'main@sha1:0123', unprefixed: 'dropped' },
  reportingController: 'kustomize-controller',
  ...changes,
});
const raise = (changes: object = {}) => world.client('receiveNotificationEvent', { body: event(changes) });
const notifications = async (): Promise<Notification[]> => (await world.client('listNotifications')).items;
const states = async (): Promise<string[]> => (await notifications()).map(({ state }) => state).sort();
const status = async () => (await world.client('listProviders')).items[0]?.status;

test("Flux's manifests are taken as they are, and its event arrives as Slack wants it", async () => {
  const { results } = await apply(secret(), provider(), alert());
  expect(results.map(({ kind, name, action }) => [kind, name, action])).toEqual([
    ['Secret', `${namespace}/slack-url`, 'created'],
    ['Provider', `${namespace}/slack`, 'created'],
    ['Alert', `${namespace}/on-call`, 'created'],
  ]);
  const answer = await raise();
  expect(answer).toMatchObject({
    accepted: true,
    notifications: [{ outcome: 'queued', provider: `${namespace}/slack` }],
  });
  await until(() => slack.messages.length === 1, 'the message is in Slack');
  expect(slack.messages[0]).toMatchObject({
    channel: 'ops',
    username: 'kustomize-controller',
    attachments: [
      {
        color: 'good',
        author_name: `kustomization/apps.${namespace}`,
        text: 'applied',
        fields: [{ title: 'revision', value: 'main@sha1:0123' }],
      },
    ],
  });
  await until(async () => (await states()).join() === 'sent', 'sent');
  expect(await status()).toMatchObject({ ready: true, reason: null, circuit: 'closed', lastError: null });
  expect((await status())?.lastSuccessAt).not.toBeNull();
  // The same again changes nothing.
  const again = await apply(secret(), provider(), alert());
  expect(again.results.map(({ action }) => action)).toEqual(['unchanged', 'unchanged', 'unchanged']);
});

test('what kubectl prints is taken for what is in it', async () => {
  const exported = (kind: string, name: string, version: string, spec: object) => ({
    apiVersion: `notification.toolkit.fluxcd.io/${version}`,
    kind,
    metadata: {
      name,
      namespace,
      uid: `uid-of-${name}`,
      generation: 3,
      creationTimestamp: '2024-01-01T00:00:00Z',
      managedFields: [{ manager: 'kustomize-controller' }],
      labels: { team: 'a' },
    },
    spec,
    status: { conditions: [{ type: 'Ready', status: 'True' }] },
  });
  const list = {
    apiVersion: 'v1',
    kind: 'List',
    metadata: { resourceVersion: '' },
    items: [
      ...['v1beta1', 'v1beta2', 'v1beta3'].flatMap((version) => [
        exported('Provider', `slack-${version}`, version, {
          type: 'slack',
          interval: '10m0s',
          timeout: '30s',
          secretRef: { name: 'slack-url' },
        }),
        exported('Alert', `on-call-${version}`, version, {
          providerRef: { name: `slack-${version}` },
          eventSeverity: 'info',
          summary: version,
          eventSources: [{ kind: 'Kustomization', name: '*', namespace }],
        }),
      ]),
      exported('Receiver', 'github', 'v1', { type: 'github' }),
      secret(),
      { ...secret(), metadata: { name: 'sh.helm.release.v1.shop.v1', namespace }, type: 'helm.sh/release.v1' },
    ],
  };
  const dry = await world.client('applyResources', { body: { resources: [list], dryRun: true } });
  expect(dry.results.filter(({ action }) => action === 'created')).toHaveLength(7);
  expect((await world.client('listProviders')).items).toEqual([]);
  const { results } = await apply(list);
  expect(results.filter(({ action }) => action === 'ignored')).toEqual([
    { kind: 'Receiver', name: `${namespace}/github`, action: 'ignored', changes: ['Zekt has no receivers'] },
    {
      kind: 'Secret',
      name: `${namespace}/sh.helm.release.v1.shop.v1`,
      action: 'ignored',
      changes: ['no Provider refers to it'],
    },
  ]);
  expect((await world.client('listProviders')).items.map(({ metadata }) => metadata.uid)).toEqual(
    ['v1beta1', 'v1beta2', 'v1beta3'].map((version) => `uid-of-slack-${version}`),
  );
  expect(await world.client('listSecrets')).toMatchObject({ items: [{ name: `${namespace}--slack-url` }] });
  await raise();
  await until(() => slack.messages.length === 3, 'each alert has sent');
  expect(slack.messages.map(({ attachments }) => attachments[0]?.fields.at(-1)?.value).sort()).toEqual([
    'v1beta1',
    'v1beta2',
    'v1beta3',
  ]);
  // A secret alone is taken, too, if a stored provider refers to it.
  expect((await apply(secret())).results).toMatchObject([{ kind: 'Secret', action: 'unchanged' }]);
});

test('a mistake in one resource leaves all as they were', async () => {
  const broken = alert({ template: '{% include "x" %}' });
  await expect(apply(secret(), provider(), broken)).rejects.toThrow(
    "Alert flux-system/on-call: 'template' can't use other templates",
  );
  await expect(apply(provider({ commitStatusExpr: 'event.(' }), alert())).rejects.toThrow('is no CEL expression');
  await expect(apply(alert({ grouping: { window: '25h' } }))).rejects.toThrow("'grouping.window' must be 1s to 24h");
  await expect(apply(provider({ type: 'slak' }))).rejects.toThrow("'spec.type' must be one of");
  expect((await world.client('listProviders')).items).toEqual([]);
  expect((await world.client('listAlerts')).items).toEqual([]);
  expect((await world.client('listSecrets')).items).toEqual([]);
});

test("a repository's own workflow declares none of this", async () => {
  const run = world.startRun({ event: 'push' });
  for (const resource of [provider(), alert(), secret()]) {
    const { status: code, body } = await world.post(run, '/api/apply', { resources: [resource] });
    expect([code, body.code]).toEqual([403, 'forbidden']);
  }
});

test('what cannot be delivered is tried again, kept with its reason, and replayed', async () => {
  await apply(secret(), provider(), alert());
  slack.faults.push(...Array.from({ length: 4 }, () => ({ status: 500, body: 'no_service' })));
  await raise({ message: 'first' });
  await until(async () => (await states()).join() === 'deadlettered', 'given up');
  const [dead] = await notifications();
  expect(dead?.attempts.map(({ outcome, status: code }) => [outcome, code])).toEqual(
    Array.from({ length: 4 }, () => ['again', 500]),
  );
  expect(dead?.outcome).toBe('Given up after 4 tries. The last: It answered 500: no_service');
  expect(await status()).toMatchObject({ lastError: { status: 500, reason: 'It answered 500: no_service' } });
  // A send that failed does not use up the window: the same event is sent.
  await raise({ message: 'first', timestamp: '2031-02-03T04:06:06Z' });
  await until(() => slack.messages.length === 1, 'the repeated event');
  await world.client('replayNotification', { params: { id: dead?.id ?? '' } });
  await until(() => slack.messages.length === 2, 'the replayed one');
  await until(async () => (await states()).join() === 'sent,sent', 'both are sent');
});

test('a refusal is not tried again', async () => {
  await apply(secret(), provider(), alert());
  slack.faults.push({ status: 403, body: 'action_prohibited' });
  await raise();
  await until(async () => (await states()).join() === 'deadlettered', 'refused');
  expect((await notifications())[0]).toMatchObject({
    attempts: [{ outcome: 'refused', status: 403 }],
    outcome: 'It answered 403: action_prohibited',
  });
});

test('Retry-After is honoured', async () => {
  await apply(secret(), provider(), alert());
  slack.faults.push({ status: 429, headers: { 'retry-after': '1' } });
  await raise();
  await until(async () => (await notifications())[0]?.attempts.length === 2, 'both tries are noted');
  const [limited, sent] = (await notifications())[0]?.attempts ?? [];
  expect([limited?.outcome, sent?.outcome]).toEqual(['limited', 'sent']);
  expect(Date.parse(sent?.at ?? '') - Date.parse(limited?.at ?? '')).toBeGreaterThanOrEqual(1000);
});

test('the same event is sent once within the window, a different one at once', async () => {
  await apply(secret(), provider(), alert({ dedupeWindow: '1h' }));
  await raise({ message: 'failed', severity: 'error', timestamp: '2031-02-03T04:00:00Z' });
  await until(() => slack.messages.length === 1, 'the first');
  await raise({ message: 'failed', severity: 'error', timestamp: '2031-02-03T04:01:00Z' });
  await raise({ message: 'failed otherwise', severity: 'error', timestamp: '2031-02-03T04:02:00Z' });
  await until(async () => (await states()).join() === 'sent,sent,suppressed', 'one of three is suppressed');
  expect(slack.messages.map(({ attachments }) => attachments[0]?.text)).toEqual(['failed', 'failed otherwise']);
});

test('the very same event is told as often as its sender says it, but once under one key', async () => {
  await apply(secret(), provider(), alert({ dedupeWindow: '0s' }));
  const send = async (headers: Record<string, string>, changes: object = {}) => {
    const response = await fetch(`${world.zekt.url}/api/notifications/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${world.zekt.adminToken}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify(event(changes)),
    });
    return { status: response.status, code: ((await response.json()) as { code?: string }).code };
  };
  for (const headers of [{}, {}, { 'idempotency-key': 'k' }, { 'idempotency-key': 'k' }])
    expect((await send(headers)).status).toBe(202);
  await until(() => slack.messages.length === 3, 'three');
  const other = await send({ 'idempotency-key': 'k' }, { message: 'another' });
  expect(other).toEqual({ status: 422, code: 'idempotency_key_reused' });
  expect((await send({ 'idempotency-key': 'ü' })).code).toBe('invalid_body');
  await until(async () => (await states()).join() === 'sent,sent,sent', 'each was sent');
  expect(slack.messages).toHaveLength(3);
});

test('only changes and recoveries', async () => {
  await apply(secret(), provider(), alert({ notifyOn: 'changes', dedupeWindow: '0s' }));
  const story = [
    ['info', 'fine', 'Succeeded'],
    ['error', 'broken', 'HealthCheckFailed'],
    ['error', 'broken, still', 'HealthCheckFailed'],
    ['info', 'fine again', 'Succeeded'],
    ['info', 'fine, still', 'Succeeded'],
  ] as const;
  for (const [index, [severity, message, reason]] of story.entries()) {
    await raise({ severity, message, reason, timestamp: `2031-02-03T04:0${index}:00Z` });
    await until(async () => (await states()).filter((it) => it !== 'pending').length === index + 1, message);
  }
  expect(slack.messages.map(({ attachments }) => attachments[0]?.text)).toEqual(['broken', 'fine again']);
});

test('events of a window go out together', async () => {
  await apply(secret(), provider(), alert({ grouping: { window: '2s' } }));
  for (const name of ['apps', 'infra', 'monitoring'])
    await raise({
      message: `${name} failed`,
      severity: name === 'infra' ? 'error' : 'info',
      involvedObject: { kind: 'Kustomization', namespace, name },
    });
  await until(async () => (await states()).every((it) => it === 'sent') && slack.messages.length > 0, 'the group');
  const texts = slack.messages.map(({ attachments }) => attachments[0]?.text ?? '').join('\n');
  for (const name of ['apps', 'infra', 'monitoring']) expect(texts).toContain(`${name} failed`);
  // At most two windows were touched.
  expect(slack.messages.length).toBeLessThanOrEqual(2);
});

test('a provider without its secret is not ready, waits, and recovers when the secret comes', async () => {
  await apply(provider(), alert());
  expect(await status()).toMatchObject({ ready: false, reason: "There is no secret 'flux-system--slack-url'." });
  await apply(provider());
  await raise();
  await until(async () => (await states()).join() === 'deadlettered', 'the tests give up soon');
  const [waiting] = await notifications();
  expect(waiting?.attempts[0]).toMatchObject({ outcome: 'again', status: null });
  await apply(secret());
  expect(await status()).toMatchObject({ ready: true });
  await world.client('replayNotification', { params: { id: waiting?.id ?? '' } });
  await until(() => slack.messages.length === 1, 'it works now');
});

describe("Zekt's own events", () => {
  test('reach those who listen for them, with the commit as revision', async () => {
    await world.client('putSecret', { params: { name: 'ops-slack' }, body: { value: slack.webhookUrl } });
    await apply(
      {
        apiVersion: 'zekt.dev/v1',
        kind: 'Provider',
        metadata: { name: 'ops' },
        spec: { type: 'slack', secretRef: { name: 'ops-slack', key: 'address' } },
      },
      {
        apiVersion: 'zekt.dev/v1',
        kind: 'Alert',
        metadata: { name: 'deliveries' },
        spec: {
          providerRef: { name: 'ops' },
          eventSources: [{ kind: 'Delivery', name: '*', matchLabels: { subscription: 'finance-orders' } }],
          template: '{{ event.metadata.repository }}: {{ event.message }}',
        },
      },
    );
    const run = world.startRun();
    await world.send(run);
    world.github.completeRun(run);
    await until(() => slack.messages.length === 1, 'the dispatch is told');
    const [attachment] = slack.messages[0]?.attachments ?? [];
    expect(attachment).toMatchObject({
      author_name: 'delivery/finance-orders.acme',
      text: 'acme/requests: ordered was dispatched to contoso/finance.',
    });
    expect(attachment?.fields).toContainEqual({ title: 'revision', value: run.sha, short: false });
    await aMoment();
    expect(slack.messages).toHaveLength(1);
  });
});

test("the status of the run's commit is set where its repository is", async () => {
  const posted: { path: string; body: Record<string, string> }[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      if (request.method === 'POST')
        posted.push({ path: request.url ?? '', body: JSON.parse(text) as Record<string, string> });
      response.writeHead(request.method === 'POST' ? 201 : 200).end('[]');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await apply(
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'pat' }, stringData: { token: 'canary-token' } },
    {
      apiVersion: 'zekt.dev/v1',
      kind: 'Provider',
      metadata: { name: 'statuses', uid: '0c9c2e41-1111-4222-8333-444455556666' },
      spec: { type: 'github', address: `http://127.0.0.1:${port}/acme/requests`, secretRef: { name: 'pat' } },
    },
    {
      apiVersion: 'zekt.dev/v1',
      kind: 'Alert',
      metadata: { name: 'runs' },
      spec: { providerRef: { name: 'statuses' }, eventSources: [{ kind: 'Run', name: 'orders' }] },
    },
  );
  const run = world.startRun();
  await world.send(run);
  world.github.completeRun(run, 'failure');
  await until(() => posted.length === 1, 'the status');
  expect(posted).toEqual([
    {
      path: `/api/v3/repos/acme/requests/statuses/${run.sha}`,
      body: { state: 'failure', description: 'run failed', context: 'run/orders/0c9c2e41' },
    },
  ]);
  server.closeAllConnections();
  server.close();
});

test('secrets are shown nowhere', async () => {
  await apply(secret(), provider(), alert());
  slack.faults.push({ status: 500, body: `cannot post to ${slack.webhookUrl}` });
  await raise();
  await until(() => slack.messages.length === 1, 'sent in the end');
  const dry = await world.client('testProvider', { params: { namespace, name: 'slack' }, body: { dryRun: true } });
  expect(dry.exchanges[0]?.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\*\*\*$/);
  const test = await world.client('testProvider', { params: { namespace, name: 'slack' }, body: {} });
  expect(test).toMatchObject({ outcome: 'sent', exchanges: [{ status: 200, answer: 'ok' }] });
  const everything = JSON.stringify([
    dry,
    test,
    await world.client('listProviders'),
    await notifications(),
    await world.client('listSecrets'),
    world.logged,
  ]);
  expect(everything).not.toContain('canary');
});

test('the masked provider can be applied again as it was shown', async () => {
  const address = slack.webhookUrl;
  await apply(provider({ secretRef: undefined, address }), alert());
  const [shown] = (await world.client('listProviders')).items;
  expect(shown?.spec.address).toMatch(/\/\*\*\*$/);
  const { status: _, ...resource } = shown ?? { status: null };
  expect((await apply(resource)).results[0]?.action).toBe('unchanged');
  await raise();
  await until(() => slack.messages.length === 1, 'it still works');
});

test('what is suspended or removed is not sent to', async () => {
  await apply(secret(), provider({ suspend: true }), alert());
  expect((await raise()).notifications).toMatchObject([{ outcome: 'skipped', reason: 'it is suspended' }]);
  await apply(provider());
  await world.client('deleteAlert', { params: { namespace, name: 'on-call' } });
  expect((await raise({ message: 'second' })).notifications).toEqual([]);
  await expect(world.client('deleteAlert', { params: { namespace, name: 'on-call' } })).rejects.toThrow(
    "There is no alert 'flux-system/on-call'.",
  );
  await world.client('deleteProvider', { params: { namespace, name: 'slack' } });
  expect((await world.client('listProviders')).items).toEqual([]);
  expect(slack.messages).toEqual([]);
});

test('events are taken from a controller with the token in its URL, and from nobody without', async () => {
  await apply(secret(), provider(), alert());
  const post = (headers: Record<string, string>): Promise<Response> =>
    fetch(`${world.zekt.url}/api/notifications/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(event()),
    });
  const basic = (password: string): string => `Basic ${Buffer.from(`flux:${password}`).toString('base64')}`;
  expect((await post({})).status).toBe(401);
  expect((await post({ authorization: basic('wrong') })).status).toBe(401);
  expect((await post({ authorization: basic(world.zekt.adminToken) })).status).toBe(202);
  await until(() => slack.messages.length === 1, 'the event');
  const bad = await world.client('receiveNotificationEvent', { body: { severity: 'loud' } }).catch((it: unknown) => it);
  expect(bad).toBeInstanceOf(RefusedError);
  expect(bad).toMatchObject({ code: 'invalid_body' });
});
