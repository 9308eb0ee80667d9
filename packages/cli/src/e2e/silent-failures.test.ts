import type { RequestListener } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { startWorker, ZektError, type Check, type Consumer, type Log } from '@zekt/core';
import { eventually, ManualClock } from '@zekt/core/testing';
import { compose, readSettings, type Composition, type Ports, type Settings } from '@zekt/host';
import { GitHubSimulator, makeAppKey, TeamsSimulator, type Fault, type Installation } from '@zekt/simulator';
import { createClient, type Client } from '../client.ts';
import { createListener } from '../serve/create-listener.ts';
import { openBackend } from '../serve/open-backend.ts';
import { startHttpServer, type HttpServer } from '../serve/start-http-server.ts';
import { serviceResource, subscriptionResource, workflow } from './fixture.ts';

// What is set up wrongly must not look well: each of these is named by doctor with its fix, and by the log within a minute.

interface Line {
  readonly level: 'warn' | 'other';
  readonly text: string;
  /** By the injected clock (ms). */
  readonly at: number;
}

const secret = 'webhook-secret-of-this-test';
const clock = new ManualClock(Date.now());
let github: GitHubSimulator;
let teams: TeamsSimulator;
let platform: Installation;
let server: HttpServer;
let backend: Awaited<ReturnType<typeof openBackend>>;
let settings: Settings;
let client: Client;
let directory: string;
let listener: RequestListener;

let composed: Composition;
let worker: Consumer;
let lines: Line[];
let diskError: Error | null;

beforeAll(async () => {
  github = await GitHubSimulator.start();
  teams = await TeamsSimulator.start();
  server = await startHttpServer((incoming, outgoing) => listener(incoming, outgoing), { host: '127.0.0.1', port: 0 });
  directory = await mkdtemp(join(tmpdir(), 'zekt-silent-'));
  settings = readSettings({
    ZEKT_DATA_DIR: join(directory, 'data'),
    ZEKT_PUBLIC_URL: server.url,
    ZEKT_OIDC_ISSUERS: github.issuer.url,
    ZEKT_GITHUB_API_URL: github.url,
    ZEKT_GITHUB_APP_ID: github.appId,
    ZEKT_GITHUB_APP_PRIVATE_KEY: github.privateKey,
    ZEKT_GITHUB_WEBHOOK_SECRET: secret,
    ZEKT_EGRESS_ALLOW: '127.0.0.1',
  });
  backend = await openBackend(settings, silent, clock);
  client = createClient({ ZEKT_URL: server.url, ZEKT_ADMIN_TOKEN: backend.adminToken });
  start();
  github.sendWebhooksTo({ url: `${server.url}/api/github/webhooks`, secret });
  github.world.user('mona');
  github.install([github.repository('acme/requests')]);
  platform = github.install([github.repository('contoso/platform')]);
  await github.webhooks.settled();
  await client('applyResources', {
    body: { resources: [serviceResource, subscriptionResource('platform-orders', 'contoso/platform')] },
  });
  await worker.stop();
});
afterAll(async () => {
  await github.webhooks.settled();
  await server.stop(0);
  await backend.close();
  await Promise.all([github.stop(), teams.stop()]);
  await rm(directory, { recursive: true, force: true });
});

const note =
  (level: Line['level']) =>
  (fields: object, message: string): void => {
    lines.push({ level, at: clock.now(), text: `${message} ${JSON.stringify(fields)}` });
  };
const log: Log = { debug: note('other'), info: note('other'), warn: note('warn'), error: note('other') };
const silent: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** A disk that is full as long as a test says so. */
const onDisk = (ports: Ports): Ports => ({
  ...ports,
  store: {
    get: (...args) => ports.store.get(...args),
    list: (...args) => ports.store.list(...args),
    commit: async (batch) => {
      if (diskError) throw diskError;
      return ports.store.commit(batch);
    },
  },
});

function start(changes: Partial<Settings> = {}): void {
  lines = [];
  diskError = null;
  composed = compose({ ...settings, ...changes }, { ...backend, publicUrl: () => server.url, clock, log }, onDisk);
  listener = createListener(composed.zekt);
  worker = startWorker(composed.context);
}

beforeEach(() => {
  // Octokit and the issuer go by the machine's clock: the injected one keeps up with it, and stands still within a test.
  clock.advance(Math.max(0, Date.now() - clock.now()));
  start();
});
afterEach(async () => {
  github.faults.clear();
  await worker.stop();
});

/** From now on every request to GitHub meets this. */
const always = (fault: Fault): void => github.faults.add({ path: '/', times: Number.POSITIVE_INFINITY, fault });

const doctor = async (repository?: string): Promise<readonly Check[]> =>
  (await client('diagnose', { query: { repository } })).checks;

interface Misconfiguration {
  readonly name: string;
  /** Sets it up wrongly, and does what is wrong then. Returns what sets it right again. */
  readonly happen: () => Promise<() => void> | (() => void);
  /** The check, whose fault it is, and how bad. */
  readonly finding: Partial<Check> & { readonly id: string };
  readonly sentence: RegExp;
  readonly fix: RegExp;
  /** Asked about, beside the server. */
  readonly repository?: string;
  /** Of the line in the log. */
  readonly logged?: RegExp;
}

/** Nothing is to be set right. */
const nothing = (): (() => void) => () => undefined;

async function complete(): Promise<void> {
  const run = github.startRun(github.repository('acme/requests'), { workflow });
  github.completeRun(run);
  await github.webhooks.settled();
}

const misconfigurations: readonly Misconfiguration[] = [
  {
    name: 'the webhook has another secret',
    async happen() {
      github.sendWebhooksTo({ url: `${server.url}/api/github/webhooks`, secret: 'another' });
      await complete();
      return () => github.sendWebhooksTo({ url: `${server.url}/api/github/webhooks`, secret });
    },
    finding: { id: 'webhook deliveries', side: 'ours', level: 'fail' },
    sentence: /did not arrive: GitHub notes answer 401/,
    fix: /ZEKT_GITHUB_WEBHOOK_SECRET to the same value/,
    logged: /The signature does not match the body/,
  },
  {
    name: 'the webhook goes elsewhere',
    happen() {
      github.app.hook.url = 'https://elsewhere.example/hook?token=canary';
      return () => (github.app.hook.url = null);
    },
    finding: { id: 'webhook url', side: 'ours', level: 'fail' },
    sentence: /to https:\/\/elsewhere\.example\/hook, and this server is http/,
    fix: /Webhook: set the URL to http:.*\/api\/github\/webhooks/,
  },
  {
    name: 'the webhook is sent as a form',
    async happen() {
      github.app.hook.contentType = 'form';
      await complete();
      return () => (github.app.hook.contentType = 'json');
    },
    finding: { id: 'webhook content type', side: 'ours', level: 'fail' },
    sentence: /sent as 'form'/,
    fix: /application\/json/,
    logged: /The webhook is sent as a form/,
  },
  {
    name: 'the App is not subscribed to an event',
    happen() {
      const { events } = github.app;
      github.app.events = ['repository', 'installation_target'];
      return () => (github.app.events = events);
    },
    finding: { id: 'app event workflow_run', side: 'ours', level: 'fail' },
    sentence: /not subscribed to the event 'workflow_run'/,
    fix: /Subscribe to events: tick 'workflow run'/,
  },
  {
    name: 'the App lacks a permission',
    happen() {
      const { permissions } = github.app;
      github.app.permissions = { ...permissions, contents: 'read' };
      return () => (github.app.permissions = permissions);
    },
    finding: { id: 'app permission contents', side: 'ours', level: 'fail' },
    sentence: /lacks the permission 'contents: write' \(it has 'read'\)/,
    fix: /set 'contents' to 'write'/,
  },
  {
    name: 'an account has not accepted a permission',
    happen() {
      const { permissions } = platform;
      platform.permissions = { metadata: 'read', actions: 'read' };
      return () => (platform.permissions = permissions);
    },
    finding: { id: 'installation contoso', side: 'theirs', level: 'fail' },
    sentence: /on 'contoso' lacks 'contents: write'/,
    fix: /accepts the App's new permissions/,
  },
  {
    name: 'the App is removed from one side',
    async happen() {
      const repository = github.repository('contoso/platform');
      github.removeFromInstallation(platform, repository);
      await github.webhooks.settled();
      await eventually(async () => (await doctor()).some(({ id }) => id === 'access contoso/platform'), 'followed');
      return () => github.addToInstallation(platform, repository);
    },
    repository: 'acme/requests',
    finding: { id: 'consumer platform-orders: installation', side: 'theirs', level: 'fail' },
    sentence: /App is not installed on contoso\/platform/,
    fix: /Install the App on the repository/,
    logged: /App is not installed on contoso\/platform any more/,
  },
  {
    name: 'an installation is suspended',
    async happen() {
      platform.suspendedAt = new Date().toISOString();
      return () => (platform.suspendedAt = null);
    },
    repository: 'contoso/platform',
    finding: { id: 'suspended', side: 'ours', level: 'fail' },
    sentence: /installation is suspended: deliveries wait/,
    fix: /unsuspends it/,
    logged: /The installation on 'contoso' is suspended/,
  },
  {
    name: 'the key is of another App',
    async happen() {
      await worker.stop();
      start({ githubPrivateKey: makeAppKey() });
      return nothing();
    },
    finding: { id: 'app credentials', side: 'ours', level: 'fail' },
    sentence: /does not accept the App's credentials/,
    fix: /ZEKT_GITHUB_APP_ID and the private key belong to the same App/,
  },
  {
    name: 'the clock is an hour off',
    happen() {
      github.app.clockOffsetMs = 3_600_000;
      return () => (github.app.clockOffsetMs = 0);
    },
    finding: { id: 'clock', side: 'ours', level: 'fail' },
    sentence: /clock is 3(599|600) s behind GitHub's/,
    fix: /NTP/,
  },
  {
    name: 'workflows ask for tokens of another audience',
    async happen() {
      const run = github.startRun(github.repository('acme/requests'), { workflow });
      const token = await github.issuer.mint(run, 'api://another');
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      await fetch(`${server.url}/api/events/receive`, { method: 'POST', headers, body: '{}' });
      return nothing();
    },
    finding: { id: 'token audience', side: 'ours', level: 'warn' },
    sentence: /1 workflow token\(s\) for another audience/,
    fix: /ZEKT_PUBLIC_URL/,
    logged: /The token's audience is \\?"api:\/\/another/,
  },
  {
    name: 'a proxy answers in place of GitHub',
    happen() {
      always({ kind: 'answer', status: 200, headers: { 'content-type': 'text/html' }, body: '<h1>Sign in</h1>' });
      return nothing();
    },
    finding: { id: 'app credentials', side: 'ours', level: 'fail' },
    sentence: /what answered is not GitHub's API \(content type text\/html\): is a proxy in between/,
    fix: /ZEKT_GITHUB_API_URL/,
  },
  {
    name: 'the disk is full',
    happen() {
      diskError = new ZektError('unavailable', 'The disk of the Zekt server is full: its operator has to make room.');
      return () => (diskError = null);
    },
    finding: { id: 'storage', side: 'ours', level: 'fail' },
    sentence: /The disk of the Zekt server is full/,
    fix: /Make room/,
  },
  {
    name: 'GitHub is down',
    happen() {
      always({ kind: 'reset' });
      return nothing();
    },
    finding: { id: 'app credentials', side: 'ours', level: 'fail' },
    sentence: /GitHub could not be reached/,
    fix: /Check the network/,
    logged: /GitHub could not be reached/,
  },
  {
    name: "a channel's webhook is gone",
    async happen() {
      const channel = {
        apiVersion: 'zekt.dev/v1',
        kind: 'Channel',
        metadata: { name: 'releases' },
        spec: { type: 'workflows', urlSecret: 'teams-url', repositories: ['acme/requests'] },
      };
      await client('putSecret', { params: { name: 'teams-url' }, body: { value: teams.workflowsUrl } });
      teams.faults.push({ status: 404 });
      await client('applyResources', { body: { resources: [channel] } });
      const run = github.startRun(github.repository('acme/requests'), { workflow });
      const token = await github.issuer.mint(run, server.url);
      const asked = await fetch(`${server.url}/api/approvals`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          title: 'to production',
          policy: { approvers: [{ github: 'mona' }] },
          channel: 'releases',
        }),
      });
      expect(asked.status).toBe(201);
      await eventually(() => lines.some(({ text }) => text.startsWith('a card could not be posted')), 'given up');
      return nothing();
    },
    finding: { id: 'channel releases', side: 'ours', level: 'fail' },
    sentence: /The last card could not be posted to the channel releases: It answered 404/,
    fix: /zekt secrets set teams-url/,
    logged: /a card could not be posted/,
  },
  {
    name: 'a notification provider refuses',
    async happen() {
      const shared = { apiVersion: 'notification.toolkit.fluxcd.io/v1beta3' };
      const provider = {
        ...shared,
        kind: 'Provider',
        metadata: { name: 'pager' },
        spec: { type: 'generic', address: `${github.url}/gone` },
      };
      const alert = {
        ...shared,
        kind: 'Alert',
        metadata: { name: 'all' },
        spec: {
          providerRef: { name: 'pager' },
          eventSources: [{ kind: 'Kustomization', name: '*', namespace: 'flux-system' }],
        },
      };
      await client('applyResources', { body: { resources: [provider, alert] } });
      await client('receiveNotificationEvent', {
        body: {
          involvedObject: { kind: 'Kustomization', namespace: 'flux-system', name: 'apps' },
          severity: 'error',
          timestamp: new Date(clock.now()).toISOString(),
          message: 'it failed',
          reason: 'BuildFailed',
          reportingController: 'kustomize-controller',
        },
      });
      await eventually(() => lines.some(({ text }) => text.startsWith('The provider pager could not')), 'told of');
      await eventually(
        async () => (await doctor()).some(({ id, level }) => id === 'provider pager' && level === 'fail'),
        'written down',
      );
      return nothing();
    },
    finding: { id: 'provider pager', side: 'ours', level: 'fail' },
    sentence: /The last sending to pager failed: .*404/,
    fix: /zekt providers test pager/,
    logged: /The provider pager could not be sent to/,
  },
];

test('the server looks every minute, unless told otherwise', () => {
  expect(settings.doctorEveryMs).toBe(60_000);
});

test('a server that is set up well has nothing to tell', async () => {
  expect((await doctor('acme/requests')).filter(({ level }) => level !== 'ok')).toEqual([]);
  await composed.watch.look();
  expect(lines.filter(({ level }) => level === 'warn')).toEqual([]);
});

test.each(misconfigurations)(
  '$name: doctor names it with its fix, and the log warns within a minute',
  async ({ happen, finding, sentence, fix, repository, logged = sentence }) => {
    const since = clock.now();
    const mend = await happen();
    const checks = await doctor(repository);
    await composed.watch.look();
    mend();

    const found = checks.find(({ id }) => id === finding.id);
    expect(found).toMatchObject(finding);
    expect(`${found?.sentence} ${found?.fix}`).toMatch(sentence);
    expect(found?.fix).toMatch(fix);
    const warned = lines.find(({ level, text }) => level === 'warn' && logged.test(text));
    expect(warned).toBeDefined();
    expect((warned?.at ?? Infinity) - since).toBeLessThanOrEqual(60_000);
    expect(JSON.stringify([checks, lines])).not.toMatch(/canary|webhook-secret-of-this-test|PRIVATE KEY/);
  },
);
