import { createHmac } from 'node:crypto';
import { mkdtemp, readFile, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import examples from '@octokit/webhooks-examples/api.github.com/index.json' with { type: 'json' };
import { operations, validate, type Operation } from '@zekt/contracts';
import { keepAdminToken } from '../serve/keep-admin-token.ts';
import { aMoment, openFixture, until, workflow, type Fixture } from './fixture.ts';

const webhookSecret = 'canary-webhook-secret-7f3a';
const adminToken = 'canary-admin-token-91c2-4be07d';
let world: Fixture;

beforeAll(async () => {
  world = await openFixture({
    settings: {
      ZEKT_GITHUB_WEBHOOK_SECRET: webhookSecret,
      ZEKT_GITHUB_WEBHOOK_SECRET_PREVIOUS: 'old-secret',
      ZEKT_ADMIN_TOKEN: adminToken,
      ZEKT_OIDC_AUDIENCE: 'api://zekt',
    },
  });
});
afterAll(() => world.stop());

const sign = (body: Uint8Array, secret = webhookSecret): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

async function webhook(
  body: Uint8Array | string,
  {
    headers = {},
    event = 'ping',
    signature,
  }: { headers?: Record<string, string>; event?: string; signature?: string } = {},
) {
  const bytes = Buffer.from(body);
  const response = await fetch(`${world.zekt.url}/api/github/webhooks`, {
    method: 'POST',
    body: bytes,
    headers: {
      'content-type': 'application/json',
      'x-github-event': event,
      'x-github-delivery': crypto.randomUUID(),
      'x-hub-signature-256': signature ?? sign(bytes),
      ...headers,
    },
  });
  return {
    status: response.status,
    body: (await response.json()) as { code?: string; outcome?: string; error?: string },
  };
}

describe('webhooks', () => {
  test('a right signature is taken, with the secret before too', async () => {
    expect(await webhook('{"zen":"x"}')).toEqual({ status: 202, body: { accepted: true, outcome: 'ignored' } });
    expect((await webhook('{}', { signature: sign(Buffer.from('{}'), 'old-secret') })).status).toBe(202);
  });

  test.each([
    ['another secret', sign(Buffer.from('{}'), 'guess')],
    ['another body', sign(Buffer.from('{"a":1}'))],
    ['SHA-1', `sha1=${'a'.repeat(40)}`],
    ['empty', ''],
    ['nonsense', 'sha256=nonsense'],
  ])('a forged signature is refused: %s', async (_, signature) => {
    const { status } = await webhook('{}', { signature });
    expect(status).toBe(401);
  });

  test('none at all is refused', async () => {
    const response = await fetch(`${world.zekt.url}/api/github/webhooks`, { method: 'POST', body: '{}' });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ code: 'missing_signature' });
  });

  test.each([
    ['an empty body', Buffer.alloc(0), 'invalid_webhook'],
    ['a byte order mark', Buffer.from([0xef, 0xbb, 0xbf, 0x7b, 0x7d]), 'invalid_json'],
    ['invalid UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22]), 'invalid_json'],
    ['broken JSON', Buffer.from('{"a":'), 'invalid_json'],
    ['no object', Buffer.from('[]'), 'invalid_webhook'],
    ['a run without an id', Buffer.from('{"workflow_run":{},"repository":{"owner":{}}}'), 'invalid_webhook'],
  ])('rightly signed but not usable is 400 and stored nowhere: %s', async (_, bytes, code) => {
    const before = await world.client('getStats');
    expect(await webhook(bytes, { event: 'workflow_run' })).toMatchObject({ status: 400, body: { code } });
    expect((await world.client('getStats')).queues).toEqual(before.queues);
  });

  test('over 25 MB is refused before it is read', async () => {
    const body = Buffer.alloc(25 * 1024 * 1024 + 1, 0x20);
    expect(await webhook(body)).toMatchObject({ status: 413, body: { code: 'body_too_large' } });
  });

  test('a chunked body works; one without an end is cut off', async () => {
    const text = '{"zen":"chunked"}';
    const answer = await rawRequest(
      `POST /api/github/webhooks HTTP/1.1\r\nhost: x\r\nconnection: close\r\ntransfer-encoding: chunked\r\nx-github-event: ping\r\nx-github-delivery: abc\r\nx-hub-signature-256: ${sign(Buffer.from(text))}\r\n\r\n${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 202/);
  });

  test.each([
    { 'x-github-event': 'workflow_run\u00e9' },
    { 'x-github-event': '../../etc' },
    { 'x-github-delivery': 'a/../b' },
    { 'x-github-delivery': 'x'.repeat(200) },
  ])('odd headers are refused: %j', async (headers) => {
    expect((await webhook('{}', { headers })).status).toBe(400);
  });

  test('every event of GitHub is answered 202', async () => {
    const corpus = examples as unknown as { name: string; examples: object[] }[];
    for (const { name, examples: payloads } of corpus) {
      const [payload] = payloads;
      expect([name, (await webhook(JSON.stringify(payload), { event: name })).status]).toEqual([name, 202]);
    }
  });

  test('a run that completed is decided once, however often and through whichever hook that is told', async () => {
    const run = world.github.world.startRun(world.requests, { workflow });
    const body = JSON.stringify({
      action: 'completed',
      workflow_run: {
        id: run.id,
        path: workflow,
        conclusion: 'success',
        event: 'push',
        head_repository: { id: run.repository.id },
      },
      repository: { id: run.repository.id, full_name: 'acme/requests', owner: { id: run.repository.owner.id } },
    });
    const headers = {
      'x-github-delivery': 'guid-1',
      'x-github-hook-installation-target-type': 'integration',
      'x-github-hook-installation-target-id': '7',
    };
    const otherHook = { ...headers, 'x-github-hook-installation-target-id': '8' };
    const before = (await world.deliveries()).length;
    for (const sent of [headers, headers, otherHook])
      expect((await webhook(body, { event: 'workflow_run', headers: sent })).body.outcome).toBe('queued');
    await until(async () => (await world.deliveries()).length === before + 2, 'both consumers have it');
    await aMoment();
    expect((await world.deliveries()).length).toBe(before + 2);
    const completed = (await world.events()).filter(
      ({ type, correlationId }) => type === 'run.completed' && correlationId === `${run.repository.id}:${run.id}:1`,
    );
    expect(completed).toHaveLength(1);
  });
});

describe('messages', () => {
  test('the body can not speak for another repository or run', async () => {
    const run = world.startRun();
    expect(await world.send(run, { body: { repository: 'contoso/platform' } })).toMatchObject({
      status: 403,
      body: { code: 'repository_mismatch' },
    });
    expect(await world.send(run, { body: { workflowRunId: '1' } })).toMatchObject({
      status: 403,
      body: { code: 'run_mismatch' },
    });
    expect(await world.send(run, { body: { workflowRunId: run.id } })).toMatchObject({
      status: 400,
      body: { code: 'invalid_body' },
    });
  });

  test('a stranger is not enabled', async () => {
    const stranger = world.github.world.startRun(world.github.repository('evil/corp'), { workflow });
    expect(await world.send(stranger)).toMatchObject({ status: 404, body: { code: 'repository_not_enabled' } });
  });

  test("a stranger under acme's name has another id, and is nobody", async () => {
    const run = world.startRun();
    const token = await world.github.issuer.mint(run, world.zekt.url, {
      repository_id: '999999',
      repository_owner_id: '888888',
    });
    expect(await world.send(run, { token })).toMatchObject({ status: 404, body: { code: 'repository_not_enabled' } });
  });

  test.each([
    ['no token', '', 'missing_token'],
    ['nonsense', 'x.y.z', 'invalid_token'],
    ['the admin token', adminToken, 'invalid_token'],
  ])('%s is 401', async (_, token, code) => {
    expect(await world.send(world.startRun(), { token })).toMatchObject({ status: 401, body: { code } });
  });

  test.each([
    ['an empty event type', { eventType: '' }],
    ['a blank event type', { eventType: '  ' }],
    ['101 characters of event type', { eventType: 'x'.repeat(101) }],
    ['a number as event type', { eventType: 5 }],
  ])('%s is 400, and the sentence names the field', async (_, body) => {
    expect(await world.send(world.startRun(), { body })).toMatchObject({
      status: 400,
      body: { code: 'invalid_body', error: expect.stringContaining("'eventType'") },
    });
  });

  test('size limits have their own names', async () => {
    const run = world.startRun();
    expect(await world.send(run, { body: { payload: 'x'.repeat(70_000) } })).toMatchObject({
      status: 413,
      body: { code: 'payload_too_large_for_dispatch' },
    });
    expect(await world.send(run, { body: { payload: 'x'.repeat(530_000) } })).toMatchObject({
      status: 413,
      body: { code: 'payload_too_large', error: expect.stringMatching(/^Payload exceeds 512 KB limit/) },
    });
    expect(await world.send(run, { body: { payload: 'x'.repeat(1_100_000) } })).toMatchObject({
      status: 413,
      body: { code: 'body_too_large' },
    });
    expect(
      await world.send(run, { body: { payload: JSON.parse(`${'['.repeat(100)}${']'.repeat(100)}`) as unknown } }),
    ).toMatchObject({ status: 422, body: { code: 'payload_too_deep' } });
  });

  test('a reference to an orchestration that does not exist is refused', async () => {
    const body = { orchestration_step_ref: { execution_id: 'exec-1', step_id: 'a' } };
    expect(await world.send(world.startRun(), { body })).toMatchObject({
      status: 403,
      body: { code: 'unknown_execution' },
    });
  });

  test('published clients are served: pretty JSON, a doubled slash, extra fields', async () => {
    const run = world.startRun();
    const body = JSON.stringify(
      {
        eventType: 'built',
        repository: 'acme/requests',
        workflowRunId: String(run.id),
        triggeredBy: 'octocat',
        commitSha: run.sha,
        ref: run.ref,
        workflow: 'CI',
        payload: [1],
        timestamp: new Date().toISOString(),
        zekt_step_id: 'x',
      },
      null,
      2,
    );
    const response = await fetch(`${world.zekt.url}//api/events/receive`, {
      method: 'POST',
      body,
      headers: {
        authorization: `Bearer ${await world.github.issuer.mint(run, world.zekt.url)}`,
        'content-type': 'application/json',
        'x-github-repository': 'acme/requests',
      },
    });
    expect(response.status).toBe(200);
    expect(validate('ReceiveAnswer', await response.json())).toMatchObject({ ok: true });
  });
});

describe('management', () => {
  const managed = (Object.entries(operations) as [string, Operation][]).filter(
    ([, { caller }]) => caller === 'management',
  );

  test.each(managed)('%s wants the admin token', async (_, { method, path }) => {
    const url = `${world.zekt.url}${path.replace(/\{\w+\}/g, 'x')}`;
    const token = await world.github.issuer.mint(world.startRun(), world.zekt.url);
    for (const authorization of [
      undefined,
      'Bearer ',
      'Bearer wrong',
      `Bearer ${adminToken}x`,
      `Basic ${adminToken}`,
      `Bearer ${token}`,
    ]) {
      const response = await fetch(url, { method, headers: authorization === undefined ? {} : { authorization } });
      expect(response.status).toBe(401);
      expect(validate('ErrorAnswer', await response.json())).toMatchObject({ ok: true });
    }
  });

  const ofParties = (Object.entries(operations) as [string, Operation][]).filter(
    ([, { caller }]) => caller === 'party',
  );

  test.each(ofParties)(
    '%s is not for runs of pull requests, nor for a token that any server may hold',
    async (_, { method, path }) => {
      const url = `${world.zekt.url}${path.replace(/\{\w+\}/g, 'x')}`;
      const ask = async (event: string, audience: string): Promise<[number, unknown]> => {
        const token = await world.github.issuer.mint(world.startRun({ event }), audience);
        const response = await fetch(url, { method, headers: { authorization: `Bearer ${token}` } });
        return [response.status, ((await response.json()) as { code?: unknown }).code];
      };
      expect(await ask('pull_request_target', world.zekt.url)).toEqual([403, 'pull_request_refused']);
      expect(await ask('push', 'api://zekt')).toEqual([401, 'wrong_audience']);
    },
  );

  test("a message may come with the published client's audience, where the operator takes it", async () => {
    const run = world.startRun();
    const token = await world.github.issuer.mint(run, 'api://zekt');
    expect(await world.send(run, { token })).toMatchObject({ status: 200 });
  });

  test('path tricks find nothing', async () => {
    for (const path of [
      '/api/../api/runs',
      '/api/deliveries/..%2f..%2fetc',
      '/api/services/acme/%00',
      '/api/runs/101:1',
      '/api/subscriptions/%E0%A4%A',
      '/../../etc/passwd',
      '/api/health/',
      '/API/HEALTH',
    ]) {
      const answer = await rawRequest(
        `GET ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${adminToken}\r\nconnection: close\r\n\r\n`,
      );
      expect(answer).toMatch(/^HTTP\/1\.1 (404|400|200 OK[^]*"items")/);
      expect(answer).not.toContain('root:');
    }
  });

  test('a wrong method is told, with the right ones', async () => {
    const response = await fetch(`${world.zekt.url}/api/events/receive`);
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
  });

  test.each(['0', '101', 'x', '-1', '1.5', ''])('limit=%s is refused', async (limit) => {
    await expect(world.client('listRuns', { query: { limit } })).rejects.toMatchObject({ code: 'invalid_query' });
  });

  test('made-up places of pages, and those of another list, are refused', async () => {
    const { next } = await world.client('listServices', { query: { limit: '1' } });
    const madeUp = [
      'x',
      '999999999/',
      'acme/orders',
      `${'9'.repeat(50)}/x`,
      "'; DROP TABLE documents; --",
      'A'.repeat(500),
    ];
    for (const after of [...madeUp, ...(next === null ? [] : [next])]) {
      const refusal = { code: 'invalid_query' };
      await expect(world.client('listRuns', { query: { after } })).rejects.toMatchObject(refusal);
      await expect(world.client('listDeadLetters', { query: { after } })).rejects.toMatchObject(refusal);
    }
    expect(await world.client('listServices', { query: { after: next ?? '' } })).toHaveProperty('items');
  });

  test('a request id of the caller is kept, a dangerous one is not', async () => {
    const ask = async (id: string) =>
      (await fetch(`${world.zekt.url}/api/health`, { headers: { 'x-request-id': id } })).headers.get('x-request-id');
    expect(await ask('trace-12345678')).toBe('trace-12345678');
    expect(await ask('{"evil":"<script>"}')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

test('no secret and no payload is in any answer, event or log, and the admin token file is private', async () => {
  const run = world.startRun();
  const token = await world.github.issuer.mint(run, world.zekt.url);
  await world.send(run, { token, body: { payload: { canary: 'canary-payload-55aa' } } });
  await world.send(run, { token: `${token}x` });
  world.github.faults.add({
    path: '/dispatches',
    times: 2,
    fault: { kind: 'answer', status: 422, message: `bad token ghs_${'s'.repeat(40)}` },
  });
  world.github.completeRun(run);
  await until(
    async () =>
      (await world.deliveries()).some(
        ({ correlationId, state }) => correlationId?.includes(String(run.id)) && state === 'deadlettered',
      ),
    'it failed',
  );
  const answers = JSON.stringify([
    await world.deliveries(),
    await world.events(),
    await world.run(run),
    await world.client('getStats'),
    await world.client('listServices'),
  ]);
  const everything = `${answers}\n${world.logged.join('\n')}`;
  for (const canary of [
    webhookSecret,
    adminToken,
    'canary-payload-55aa',
    token,
    token.split('.')[2] ?? '',
    'ghs_',
    'PRIVATE KEY',
  ])
    expect(everything).not.toContain(canary);
});

test('the data directory and the admin token belong to their owner alone', async () => {
  const directory = join(await mkdtemp(join(tmpdir(), 'zekt-test-')), 'data');
  const token = keepAdminToken(directory);
  expect(token).toMatch(/^zekt_[\w-]{43}$/);
  expect(keepAdminToken(directory)).toBe(token);
  expect((await stat(join(directory, 'admin-token'))).mode & 0o777).toBe(0o600);
  expect((await stat(directory)).mode & 0o777).toBe(0o700);
  expect(await readFile(join(directory, 'admin-token'), 'utf8')).toBe(`${token}\n`);
});

function rawRequest(text: string): Promise<string> {
  const { hostname, port } = new URL(world.zekt.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(text));
    let answer = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk));
    socket.on('error', reject).on('close', () => resolve(answer));
  });
}
