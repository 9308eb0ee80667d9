import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { HookTarget } from '@zekt/contracts';
import { openFixture, until, type Fixture } from './fixture.ts';
import { runZekt } from './run-zekt.ts';

interface Received {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

let world: Fixture;
let server: Server;
const received: Received[] = [];
const replies = new Map<string, { readonly status: number; readonly body?: object }>();
const url = (path: string): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;

beforeAll(async () => {
  world = await openFixture();
  server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    request.on('end', () => {
      const path = request.url ?? '';
      received.push({ path, headers: request.headers, text });
      const { status, body } = replies.get(path) ?? { status: 200 };
      response.writeHead(status).end(body ? JSON.stringify(body) : '');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  await world.stop();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
afterEach(async () => {
  for (const owner of [undefined, 'acme']) {
    const { items } = await world.client('searchHookTargets', { query: { owner } });
    for (const { metadata } of items)
      await world.client('deleteHookTarget', { params: { id: metadata.name }, query: { owner } });
  }
  received.length = 0;
  replies.clear();
});

const spec = (path: string, more: object = {}) => ({
  type: 'restWebhook',
  endpoint: url(path),
  timeout: '5s',
  ...more,
});
const putTarget = (id: string, body: object): Promise<HookTarget> =>
  world.client('putHookTarget', { params: { id }, body });
const putExecution = (on: object, ...call: readonly object[]) =>
  world.client('putHookExecution', { body: { on, call } });
const zekt = (...args: string[]) => runZekt(args, world.clientEnvironment);
const method = '/zekt.event.v1.EventService/ReceiveEvent';

/** As a job of a run on this branch would. */
async function asWorkflow(path: string, body: object, branch = 'main', verb = 'POST') {
  const run = world.startRun({ ref: `refs/heads/${branch}` });
  const response = await fetch(`${world.zekt.url}${path}`, {
    method: verb,
    headers: {
      authorization: `Bearer ${await world.github.issuer.mint(run, world.zekt.url)}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

test('the signing key is told once; a call of a test is signed with it', async () => {
  const made = await putTarget('a', spec('/a'));
  expect(made.signingKey).toMatch(/^whsec_/);
  expect((await putTarget('a', spec('/a'))).signingKey).toBeUndefined();
  expect((await world.client('getHookTarget', { params: { id: 'a' } })).signingKey).toBeUndefined();
  expect(await world.client('testHookTarget', { params: { id: 'a' } })).toMatchObject({ ok: true, status: 200 });
  const [call] = received;
  const header = String(call?.headers['zekt-signature']);
  const seconds = /^t=(\d+),/.exec(header)?.[1] ?? '';
  const hex = createHmac('sha256', made.signingKey ?? '')
    .update(`${seconds}.${call?.text ?? ''}`)
    .digest('hex');
  expect(header).toBe(`t=${seconds},v1=${hex}`);
  expect(call?.headers.authorization).toBeUndefined();
});

test('what is refused says why, by its code', async () => {
  await putTarget('a', spec('/a'));
  const refused = async (call: Promise<unknown>): Promise<unknown> =>
    call.then(
      () => 'done',
      (error: unknown) => (error as { code?: string }).code,
    );
  expect(await refused(putTarget('b', spec('/b', { timeout: '0s' })))).toBe('invalid_resource');
  expect(await refused(putTarget('b', { ...spec('/b'), endpoint: 'https://10.0.0.1/' }))).toBe('hook_endpoint_refused');
  expect(await refused(putTarget('-', spec('/b')))).toBe('invalid_body');
  expect(await refused(putExecution({ request: { method: '/x.Y/Z' } }, { target: 'a' }))).toBe(
    'hook_condition_invalid',
  );
  expect(await refused(putExecution({ event: { group: 'delivery', all: true } }, { target: 'a' }))).toBe(
    'invalid_body',
  );
  expect(await refused(putExecution({ event: { all: true } }, { target: 'nobody' }))).toBe('hook_target_unknown');
  await putExecution({ event: { all: true } }, { target: 'a' });
  await putExecution({ event: { group: 'delivery' } }, { include: { event: { all: true } } });
  expect(await refused(putExecution({ event: { all: true } }))).toBe('hook_in_use');
  expect(await refused(world.client('getHookTarget', { params: { id: 'constructor' } }))).toBe('not_found');
});

test('explain shows which condition wins and what is called', async () => {
  await putTarget('a', spec('/a'));
  await putTarget('b', spec('/b', { interruptOnError: true }));
  await putExecution({ request: { all: true } }, { target: 'a' });
  await putExecution(
    { request: { service: 'zekt.event.v1.EventService' } },
    { include: { request: { all: true } } },
    { target: 'b' },
  );
  const explanation = await world.client('explainHook', { body: { on: { request: { method } } } });
  expect(explanation).toMatchObject({
    condition: 'request:zekt.event.v1.EventService',
    targets: [
      { id: 'a', interruptOnError: false },
      { id: 'b', interruptOnError: true },
    ],
    off: false,
  });
});

test('an account has its own, by its own workflows on the default branch, and sees no other', async () => {
  await putTarget('shared', spec('/operator'));
  const put = await asWorkflow('/api/hooks/targets/shared', spec('/account'), 'main', 'PUT');
  expect(put).toMatchObject({ status: 200, body: { metadata: { owner: 'acme' } } });
  const mine = await asWorkflow('/api/hooks/targets/search', {});
  expect(JSON.stringify(mine.body)).toContain('/account');
  expect(JSON.stringify(mine.body)).not.toContain('/operator');
  expect((await asWorkflow('/api/hooks/targets/search?owner=contoso', {})).body.code).toBe('forbidden');
  expect((await asWorkflow('/api/hooks/targets/search', {}, 'feature')).body.code).toBe('not_default_branch');
  const operators = await world.client('searchHookTargets', { query: { owner: 'ACME' } });
  expect(operators.items.map(({ spec: { endpoint } }) => endpoint)).toEqual([url('/account')]);
  await expect(world.client('searchHookTargets', { query: { owner: 'nobody' } })).rejects.toMatchObject({
    code: 'not_found',
  });
});

test('resources are applied whatever their order, and all or none', async () => {
  const target = { apiVersion: 'zekt.dev/v1', kind: 'Target', metadata: { name: 'a' }, spec: spec('/a') };
  const execution = {
    apiVersion: 'zekt.dev/v1',
    kind: 'Execution',
    spec: {
      on: { response: { service: 'zekt.run.v1.RunService' } },
      call: [{ include: { response: { all: true } } }],
    },
  };
  const included = { ...execution, spec: { on: { response: { all: true } }, call: [{ target: 'a' }] } };
  const resources = [execution, target, included];
  const apply = (all: object[], dryRun = false) => world.client('applyResources', { body: { resources: all, dryRun } });
  await expect(apply([execution, target])).rejects.toMatchObject({ code: 'hook_include_unknown' });
  expect((await world.client('searchHookTargets')).items).toEqual([]);
  expect((await apply(resources, true)).results.map(({ kind, action }) => [kind, action])).toEqual([
    ['Target', 'created'],
    ['Execution', 'created'],
    ['Execution', 'created'],
  ]);
  expect((await world.client('searchHookTargets')).items).toEqual([]);
  expect(JSON.stringify(await apply(resources))).not.toContain('whsec_');
  expect((await apply(resources)).results.map(({ action }) => action)).toEqual(Array(3).fill('unchanged'));
  const ofAccount = await asWorkflow('/api/apply', { resources });
  expect(ofAccount).toMatchObject({ status: 200, body: { results: [{ kind: 'Target', action: 'created' }, {}, {}] } });
  const theirs = { ...target, metadata: { name: 'a', owner: 'contoso' } };
  expect((await asWorkflow('/api/apply', { resources: [theirs] })).body.code).toBe('forbidden');
});

test('a map by name is applied, and its faults are named all at once', async () => {
  const map = {
    targets: { logger: { type: 'webhook', async: true, url: url('/log') } as object },
    requests: { all: ['logger', 'hook'], ReceiveEvent: ['all'] },
  };
  await expect(world.client('applyResources', { body: { resources: [map] } })).rejects.toThrow(
    "target 'logger' has no timeout; requests.ReceiveEvent: 'all' is an execution (requests.all), not a target: include it; there is no target 'hook'.",
  );
  const mended = {
    targets: { logger: { ...map.targets.logger, timeout: '5s', Interrupt_on_error: true } },
    requests: { all: ['logger'], ReceiveEvent: ['include all'] },
  };
  const { results } = await world.client('applyResources', { body: { resources: [mended] } });
  expect(results).toMatchObject([
    { kind: 'Target', name: 'logger', action: 'created' },
    { kind: 'Execution', name: 'request:*' },
    { kind: 'Execution', name: `request:${method}` },
    { kind: 'Target', action: 'ignored', changes: [expect.stringContaining('interruptOnError is ignored')] },
  ]);
});

test('the command line lists, explains, tests, rotates and removes', async () => {
  await putTarget('a', spec('/a'));
  await putExecution({ event: { group: 'delivery' } }, { target: 'a' });
  expect((await zekt('hook', 'target', 'list')).stdout).toMatch(/^a +restWebhook +5s +no +1 /m);
  expect((await zekt('hook', 'execution', 'list')).stdout).toMatch(/^event:delivery\.\* +a$/m);
  expect((await zekt('hook', 'explain', 'event:delivery.failed')).stdout).toContain('event:delivery.* wins');
  expect(await zekt('hook', 'explain', 'nonsense')).toMatchObject({ code: 2 });
  expect((await zekt('hook', 'test', 'a')).stdout).toContain('a: answered 200');
  replies.set('/a', { status: 500 });
  expect(await zekt('hook', 'test', 'a')).toMatchObject({ code: 1 });
  expect((await zekt('hook', 'target', 'rotate', 'a', '--grace', '1h')).stdout).toMatch(/this once: whsec_/);
  expect((await zekt('hook', 'target', 'show', 'a')).stdout).not.toContain('whsec_');
  expect((await zekt('get', 'targets')).stdout).toContain('kind: Target');
  expect((await zekt('hook', 'target', 'list', '--owner', 'acme')).stdout).not.toContain('restWebhook');
  expect((await zekt('hook', 'target', 'delete', 'a')).stdout).toBe('target a: removed\n');
  expect((await zekt('get', 'executions')).stdout.trim()).toBe('');
});

const orders = { eventType: 'ordered', payload: { size: 3 } };
const bodyAt = (path: string): Record<string, unknown> =>
  JSON.parse(received.findLast((it) => it.path === path)?.text ?? '{}') as Record<string, unknown>;

test('a request hook sees who sends what, and what it answers is what is kept', async () => {
  await putTarget('shape', spec('/shape', { type: 'restCall', interruptOnError: true }));
  await putExecution({ request: { method } }, { target: 'shape' });
  const run = world.startRun();
  const request = { ...orders, payload: { size: 3, costCentre: 'CC-1' }, repository: 'acme/requests' };
  replies.set('/shape', { status: 200, body: { ...request, workflowRunId: String(run.id) } });
  expect(await world.send(run, { body: orders })).toMatchObject({ status: 200 });
  const body = bodyAt('/shape');
  expect(body).toMatchObject({
    fullMethod: method,
    repository: 'acme/requests',
    actor: 'octocat',
    request: { eventType: 'ordered', payload: { size: 3 } },
    headers: { 'content-type': ['application/json'] },
  });
  expect(JSON.stringify(body)).not.toMatch(/authorization|bearer/i);
  const dispatched = world.github.dispatchesTo('contoso/platform').length;
  world.github.completeRun(run);
  await world.recorded(dispatched * 2 + 2);
  expect(world.github.dispatchesTo('contoso/platform').at(-1)?.clientPayload.payload).toEqual({
    size: 3,
    costCentre: 'CC-1',
  });
});

test('a request hook stops a message, with its own status and words', async () => {
  await putTarget('limit', spec('/limit', { interruptOnError: true }));
  await putExecution({ request: { method } }, { target: 'limit' });
  replies.set('/limit', {
    status: 200,
    body: { forwardedStatusCode: 409, forwardedErrorMessage: 'This order is too large.' },
  });
  expect(await world.send(world.startRun(), { body: orders })).toMatchObject({
    status: 409,
    body: { code: 'hook_refused', error: 'This order is too large.' },
  });
  replies.set('/limit', { status: 503 });
  expect(await world.send(world.startRun(), { body: orders })).toMatchObject({
    status: 400,
    body: { code: 'hook_failed' },
  });
});

test('what a hook answers and the contract refuses changes nothing', async () => {
  await putTarget('shape', spec('/shape', { type: 'restCall' }));
  await putExecution({ request: { method } }, { target: 'shape' });
  replies.set('/shape', { status: 200, body: { request: orders } });
  expect((await world.send(world.startRun(), { body: orders })).status).toBe(200);
});

test('a caller who proves nothing reaches no hook', async () => {
  const run = world.startRun();
  await world.github.webhooks.settled();
  await putTarget('all', spec('/all'));
  await putExecution({ request: { all: true } }, { target: 'all' });
  expect((await world.send(run, { body: orders, token: 'a.b.c' })).status).toBe(401);
  expect((await fetch(`${world.zekt.url}/api/runs`)).status).toBe(401);
  expect(received).toEqual([]);
});

test('hooks that break everything are repaired through doors that no hook can close', async () => {
  await putTarget('dead', spec('/dead', { interruptOnError: true }));
  replies.set('/dead', { status: 500 });
  await putExecution({ request: { all: true } }, { target: 'dead' });
  await expect(world.client('listRuns')).rejects.toMatchObject({ code: 'hook_failed' });
  await world.client('getHealth');
  await world.client('getReadiness');
  await world.client('explainHook', { body: { on: { request: { method } } } });
  await putExecution({ request: { all: true } });
  await world.client('listRuns');
});

test("an account's hooks look at its own workflows' calls, after the operator's, and at nobody else's", async () => {
  const run = world.startRun();
  const contosos = world.github.startRun(world.platform, { workflow: '.github/workflows/build.yaml' });
  await putTarget('operator', spec('/operator', { interruptOnError: true }));
  await putExecution({ request: { all: true } }, { target: 'operator' });
  await asWorkflow('/api/hooks/targets/account', spec('/account', { interruptOnError: true }), 'main', 'PUT');
  const on = { request: { all: true } };
  await asWorkflow('/api/hooks/executions', { on, call: [{ target: 'account' }] }, 'main', 'PUT');
  await world.github.webhooks.settled();
  received.length = 0;
  replies.set('/account', { status: 500 });
  await world.client('listRuns');
  expect((await world.post(contosos, '/api/event-delivery/confirm', { deliveryId: 'none' })).body.code).not.toBe(
    'hook_failed',
  );
  expect(received.map(({ path }) => path)).toEqual(['/operator', '/operator']);
  expect((await world.send(run, { body: orders })).body.code).toBe('hook_failed');
  expect(received.slice(2).map(({ path }) => path)).toEqual(['/operator', '/account']);
});

test('a response hook masks what is answered, and keeps back what is done already', async () => {
  await putTarget('mask', spec('/mask', { type: 'restCall', interruptOnError: true }));
  await putExecution({ response: { method: '/zekt.run.v1.RunService/ListRuns' } }, { target: 'mask' });
  replies.set('/mask', { status: 200, body: { items: [], next: null } });
  expect(await world.client('listRuns')).toEqual({ items: [], next: null });
  expect(bodyAt('/mask')).toMatchObject({ actor: 'operator', tenantId: null, response: { next: null } });
  replies.set('/mask', { status: 200, body: { items: 'none' } });
  await expect(world.client('listRuns')).rejects.toMatchObject({ code: 'hook_failed' });
});

test('a request hook changes what a manager asks for; one without a body can be stopped, not changed', async () => {
  await putTarget('shape', spec('/shape', { type: 'restCall', interruptOnError: true }));
  const service = '/zekt.subscription.v1.SubscriptionService';
  await putExecution({ request: { method: `${service}/RejectSubscription` } }, { target: 'shape' });
  await putExecution({ request: { method: `${service}/GetSubscription` } }, { target: 'shape' });
  replies.set('/shape', { status: 200, body: { reason: 'frozen' } });
  const params = { id: 'finance-orders' };
  const rejected = world.client('rejectSubscription', { params, body: { reason: 'mine' } });
  await rejected.catch(() => undefined);
  expect(bodyAt('/shape')).toMatchObject({ params, request: { reason: 'mine' } });
  await expect(world.client('getSubscription', { params })).rejects.toThrow('can not be changed');
});

test('a webhook of GitHub can be looked at, without its signature, and stopped', async () => {
  await putTarget('gate', spec('/gate', { interruptOnError: true }));
  await putExecution({ request: { service: 'zekt.webhook.v1.WebhookService' } }, { target: 'gate' });
  const run = world.startRun();
  world.github.completeRun(run);
  await world.github.webhooks.settled();
  const body = bodyAt('/gate');
  expect(body).toMatchObject({ actor: 'github', request: { event: 'workflow_run' } });
  expect(JSON.stringify(body)).not.toContain('sha256');
});

test('a target that was written for ZITADEL gets its names and its header', async () => {
  await putTarget('old', spec('/old', { compatibility: 'zitadel' }));
  await putExecution({ request: { method } }, { target: 'old' });
  await world.send(world.startRun(), { body: orders });
  expect(bodyAt('/old')).toMatchObject({ fullMethod: method, projectID: 'acme/requests', userID: 'octocat' });
  const headers = received.find(({ path }) => path === '/old')?.headers ?? {};
  expect(headers['zitadel-signature']).toBe(headers['zekt-signature']);
  expect(headers['zekt-signature']).toBeDefined();
});

test('an event is told to its targets; what one refuses is a dead letter, and can be replayed', async () => {
  await putTarget('ledger', spec('/ledger'));
  await putTarget('pager', spec('/pager'));
  await putExecution({ event: { group: 'subscription' } }, { target: 'ledger' }, { target: 'pager' });
  replies.set('/pager', { status: 410 });
  await world.client('revokeSubscription', { params: { id: 'finance-orders' }, body: { reason: 'over' } });
  const lost = () => world.client('listHookDeadLetters');
  await until(async () => (await lost()).items.length === 1, 'a dead letter');
  await until(() => received.some(({ path }) => path === '/ledger'), 'the ledger is told');
  expect(bodyAt('/ledger')).toMatchObject({
    eventType: 'subscription.revoked',
    aggregateType: 'subscription',
    payload: { type: 'subscription.revoked' },
  });
  const call = received.find(({ path }) => path === '/ledger');
  expect(call?.headers['webhook-id']).toBe(call?.headers['zekt-delivery']);
  const deliveryId = (await lost()).items[0]?.deliveryId ?? '';
  expect((await zekt('hook', 'dead-letter', 'list')).stdout).toMatch(/pager +subscription\.revoked +1 +410 +status/);
  replies.delete('/pager');
  expect((await zekt('hook', 'dead-letter', 'replay', deliveryId)).stdout).toBe(`${deliveryId}: put back\n`);
  await until(() => received.filter(({ path }) => path === '/pager').length === 2, 'the pager is told');
  await until(async () => (await zekt('hook', 'log')).stdout.split('delivered').length === 3, 'both are in the log');
  expect((await lost()).items).toEqual([]);
});
