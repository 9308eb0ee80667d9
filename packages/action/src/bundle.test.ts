import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  GitHubSimulator,
  makeAppKey,
  makeSigningKey,
  runAction,
  type Step,
  type StepResult,
  type WorkflowRun,
} from '@zekt/simulator';

// The bundle that is checked in, run as GitHub's runner runs it, against a server that records.
const main = fileURLToPath(new URL('../../../dist/index.js', import.meta.url));

interface Recorded {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}
type Reply = { readonly status: number; readonly headers?: Record<string, string>; readonly body?: unknown } | 'reset';

const keys = { privateKey: makeAppKey(), issuerKey: await makeSigningKey() };
let github: GitHubSimulator;
let run: WorkflowRun;
let backend: Server;
let backendUrl: string;
let recorded: Recorded[];
let replies: Reply[];
const accepted: Reply = {
  status: 200,
  body: { success: true, eventId: 'evt-1', consumersNotified: 3, message: 'Accepted.' },
};

beforeEach(async () => {
  github = await GitHubSimulator.start(keys);
  run = github.world.startRun(github.repository('acme/requests'), { workflow: '.github/workflows/order.yaml' });
  recorded = [];
  replies = [accepted];
  backend = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      recorded.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
      const reply = replies.length > 1 ? replies.shift() : replies[0];
      if (reply === undefined || reply === 'reset') {
        request.socket.destroy();
        return;
      }
      response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers });
      response.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body ?? {}));
    });
  });
  await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
  backendUrl = `http://127.0.0.1:${(backend.address() as AddressInfo).port}`;
});
afterEach(async () => {
  await github.stop();
  backend.closeAllConnections();
  backend.close();
});

const inputs = (changes: Record<string, string> = {}) => ({
  'event-type': 'built',
  payload: '{"canary":"payload-canary","big":12345678901234567890}',
  'zekt-api-url': backendUrl,
  ...changes,
});
const step = (changes: Partial<Step> = {}): Promise<StepResult> =>
  github.runStep({ main, run, inputs: inputs(), ...changes });
const everything = ({ rawLog, summary, outputs }: StepResult): string =>
  [rawLog.replace(/^::add-mask::.*$/gm, ''), summary, ...Object.values(outputs)].join('\n');

describe('a message', () => {
  test('is sent once, as the wire wants it', async () => {
    const result = await step();
    expect(result.exitCode).toBe(0);
    expect(recorded).toHaveLength(1);
    const [{ method, url, headers, body } = { method: '', url: '', headers: {}, body: '' }] = recorded;
    expect(`${method} ${url}`).toBe('POST /api/events/receive');
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'x-github-repository': 'acme/requests',
      'user-agent': expect.stringMatching(/^zekt-action\/2\./),
      'idempotency-key': expect.stringMatching(/^[0-9a-f-]{36}$/),
      authorization: expect.stringMatching(/^Bearer ey/),
    });
    expect(JSON.parse(body)).toEqual({
      eventType: 'built',
      repository: 'acme/requests',
      workflowRunId: String(run.id),
      triggeredBy: 'octocat',
      commitSha: run.sha,
      ref: 'refs/heads/main',
      workflow: 'Simulated workflow',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      payload: expect.objectContaining({ canary: 'payload-canary' }),
    });
    // Not rounded on the way.
    expect(body).toContain('12345678901234567890');
  });

  test.each(['::save-state name=a::b', 'x\n::set-output name=a::b', 'x\r\n##[error]y'])(
    'is answered with words that are no workflow commands: %j',
    async (message) => {
      replies = [{ status: 200, body: { success: true, eventId: message, consumersNotified: 1, message } }];
      const { rawLog } = await step();
      expect(rawLog).toMatch(/%3A|%5B/);
      expect(rawLog).not.toMatch(/^\s*::(?:save-state|set-output)|##\[/m);
      replies = [{ status: 403, body: { error: message } }];
      const refused = await step();
      expect(refused.rawLog).not.toMatch(/^\s*::(?:save-state|set-output)|^##\[/m);
    },
  );

  test('is answered with several lines, which stand in a block that only its own random token ends', async () => {
    const message = 'x\n::stop-commands::y\n::y::\n::set-output name=a::b';
    replies = [{ status: 200, body: { success: true, eventId: 'evt-1', consumersNotified: 1, message } }];
    const { rawLog } = await step();
    expect(rawLog).toMatch(
      /^::stop-commands::([0-9a-f]{32})\n.* x\n:%3Astop-commands:%3Ay\n:%3Ay:%3A\n:%3Aset-output name=a:%3Ab\n::\1::$/m,
    );
  });

  test('carries on the trace that the job is in, and nothing that is none', async () => {
    const traceparent = '00-abcdefabcdefabcdefabcdefabcdef12-1234567890abcdef-01';
    await step({ env: { TRACEPARENT: traceparent } });
    await step({ env: { TRACEPARENT: 'evil\r\nx: y' } });
    await step();
    expect(recorded.map(({ headers }) => headers.traceparent)).toEqual([traceparent, undefined, undefined]);
  });

  test('gives its outputs and a summary', async () => {
    const { outputs, summary } = await step({ inputs: inputs({ 'event-type': 'a|<b>' }) });
    expect(outputs).toEqual({ 'event-id': 'evt-1', status: 'success', 'consumers-notified': '3' });
    expect(summary).toBe(
      [
        '### Zekt: message sent',
        '',
        '| | |',
        '|---|---|',
        '| Event type | a&#124;&#60;b&#62; |',
        '| Event id | evt-1 |',
        '| Consumers | 3 |',
        `| Run | <a href="https://github.com/acme/requests/actions/runs/${run.id}">${run.id}</a> |`,
        '| Payload | 54 bytes |',
        '',
        '',
      ].join('\n'),
    );
  });

  test('that nobody will get is a warning with the reason and the fix, in the summary too', async () => {
    const undelivered = {
      code: 'pending',
      reason: 'One request waits.',
      fix: 'Answer it: zekt subscriptions approve NAME',
    };
    replies = [
      { status: 200, body: { success: true, eventId: 'evt-1', consumersNotified: 0, message: 'x', undelivered } },
    ];
    const { exitCode, log, summary } = await step();
    expect(exitCode).toBe(0);
    expect(log).toContain('::warning::Zekt: nobody will get this message. One request waits. Answer it');
    expect(summary).toContain('| Nobody gets it | One request waits. |\n| What to do | Answer it: zekt');
  });

  test('asks for a token that is for this server alone', async () => {
    await step();
    const token = /Bearer .*?\.(.*?)\./.exec(recorded[0]?.headers.authorization ?? '')?.[1] ?? '';
    expect(JSON.parse(Buffer.from(token, 'base64url').toString())).toMatchObject({ aud: backendUrl });
  });

  test('shows neither token nor payload anywhere', async () => {
    const result = await step();
    const token = /Bearer (.*)$/.exec(recorded[0]?.headers.authorization ?? '')?.[1] ?? '';
    expect(result.masks).toContain(token);
    for (const part of [token, ...token.split('.'), token.slice(0, 20), 'payload-canary'])
      expect(everything(result)).not.toContain(part);
  });

  test('the token is masked before anything else is printed', async () => {
    expect((await step()).rawLog.trimStart()).toMatch(/^::add-mask::/);
  });

  test('the payload is printed when debugging', async () => {
    expect((await step({ env: { RUNNER_DEBUG: '1' } })).rawLog).toContain('payload-canary');
  });

  test('a base URL that ends in a slash does no harm', async () => {
    await step({ inputs: inputs({ 'zekt-api-url': `${backendUrl}/` }) });
    expect(recorded[0]?.url).toBe('/api/events/receive');
  });

  test('the report of an orchestration step carries its reference and needs no event type', async () => {
    const event = {
      client_payload: {
        _zekt: { orchestration: { executionId: 'exec-1', stepId: 'create', requestorRepository: 'x/y' } },
      },
    };
    const dispatched = github.world.startRun(github.repository('acme/requests'), { event: 'repository_dispatch' });
    await step({ run: dispatched, event, inputs: inputs({ 'event-type': '' }) });
    expect(JSON.parse(recorded[0]?.body ?? '')).toMatchObject({
      eventType: 'orchestration-step-output',
      orchestration_step_ref: { execution_id: 'exec-1', step_id: 'create' },
    });
  });
});

describe('when the backend has trouble', () => {
  test('the same message is sent again under the same key', async () => {
    replies = [{ status: 503 }, 'reset', accepted];
    const result = await step();
    expect(result.exitCode).toBe(0);
    expect(recorded).toHaveLength(3);
    expect(new Set(recorded.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
    expect(new Set(recorded.map(({ body }) => body)).size).toBe(1);
  });

  test('a refusal is told in its own words, once', async () => {
    replies = [
      {
        status: 403,
        body: { error: 'Repository mismatch', message: 'Repository mismatch', code: 'repository_mismatch' },
      },
    ];
    const result = await step();
    expect(result).toMatchObject({ exitCode: 1, outputs: { status: 'failed' } });
    expect(recorded).toHaveLength(1);
    expect(result.log).toContain('::error::Zekt: The Zekt server refused the message (HTTP 403): Repository mismatch');
    expect(result.summary).toContain('| Reason | The Zekt server refused the message (HTTP 403): Repository mismatch');
  });

  test.each(['token_expired', 'token_not_yet_valid'])(
    'a token refused as %s is a matter of clocks, not of the audience',
    async (code) => {
      replies = [{ status: 401, body: { error: 'Refused.', code } }];
      const { log } = await step();
      expect(log).toContain('check the clocks');
      expect(log).not.toContain('audience');
    },
  );

  test('no server named is told before anything is sent', async () => {
    const result = await step({ inputs: inputs({ 'zekt-api-url': '' }) });
    expect(result).toMatchObject({ exitCode: 1, log: expect.stringContaining('vars.ZEKT_API_URL') });
    expect(recorded).toEqual([]);
  });

  test('HTML is told without its tags', async () => {
    replies = [{ status: 404, body: '<html><body><h1>Not here</h1></body></html>' }];
    expect((await step()).log).toMatch(/\(HTTP 404\): Not here/);
  });

  test('success without JSON is no success', async () => {
    replies = [{ status: 202, body: '' }];
    expect(await step()).toMatchObject({ exitCode: 1, log: expect.stringContaining('without JSON') });
  });

  test('nothing listens: says where it looked', async () => {
    const result = await step({ inputs: inputs({ 'zekt-api-url': 'http://127.0.0.1:9', 'timeout-seconds': '1' }) });
    expect(result).toMatchObject({
      exitCode: 1,
      log: expect.stringMatching(/http:\/\/127\.0\.0\.1:9 could not be reached.*ECONNREFUSED/),
    });
  });

  test('Retry-After beyond the time limit ends the step with the reason', async () => {
    replies = [{ status: 429, headers: { 'retry-after': '3600' }, body: { error: 'Slow down.' } }];
    expect(await step()).toMatchObject({ exitCode: 1, log: expect.stringContaining('(HTTP 429): Slow down.') });
  });

  test('with fail-on-error: false it only warns', async () => {
    replies = [{ status: 400, body: { error: 'Invalid event data' } }];
    const result = await step({ inputs: inputs({ 'fail-on-error': 'FALSE' }) });
    expect(result).toMatchObject({ exitCode: 0, outputs: { status: 'failed' } });
    expect(result.log).toContain('::warning::Zekt: The Zekt server refused');
  });

  test('a redirect on the same host is followed, with body and token', async () => {
    replies = [{ status: 308, headers: { location: '/elsewhere' } }, accepted];
    expect((await step()).exitCode).toBe(0);
    expect(recorded.map(({ url }) => url)).toEqual(['/api/events/receive', '/elsewhere']);
    expect(recorded[1]?.headers.authorization).toBe(recorded[0]?.headers.authorization);
  });

  test('a redirect to another host is refused: the token stays', async () => {
    replies = [{ status: 307, headers: { location: `${github.url}/steal` } }];
    const result = await step();
    expect(result).toMatchObject({ exitCode: 1, log: expect.stringContaining('where the token must not go') });
  });

  test('redirects in circles end', async () => {
    replies = [{ status: 307, headers: { location: '/again' } }];
    expect(await step()).toMatchObject({ exitCode: 1, log: expect.stringContaining('in circles') });
  });
});

describe('when there is no token', () => {
  const bare = (changes: Partial<Step> = {}): Promise<StepResult> =>
    runAction({ main, run, inputs: inputs(), ...changes });

  test('the missing permission is named, reusable workflows too, and nothing is sent', async () => {
    const result = await bare();
    expect(result).toMatchObject({ exitCode: 1, log: expect.stringContaining('id-token: write') });
    expect(result.log).toContain('reusable workflow');
    expect(recorded).toEqual([]);
  });

  test('a pull request from a fork is told apart', async () => {
    const event = { pull_request: { head: { repo: { full_name: 'stranger/requests' } } } };
    expect(await bare({ event })).toMatchObject({
      exitCode: 1,
      log: expect.stringContaining('pull request from a fork'),
    });
  });

  test('so is Dependabot', async () => {
    const byDependabot = github.world.startRun(github.repository('acme/requests'), { actor: 'dependabot[bot]' });
    expect((await bare({ run: byDependabot })).log).toContain('Dependabot');
  });

  test("GitHub's token service failing for a while is waited out", async () => {
    github.faults.add({ path: '/oidc/token', times: 2, fault: { kind: 'answer', status: 503 } });
    expect((await step()).exitCode).toBe(0);
  });

  test("GitHub's token service hanging ends within its time limit", async () => {
    github.faults.add({ path: '/oidc/token', times: 9, fault: { kind: 'delay', ms: 30_000 } });
    expect(await step()).toMatchObject({
      exitCode: 1,
      log: expect.stringMatching(/token service could not be reached within 10 s/),
    });
  }, 40_000);

  test('bad inputs are told before a token is asked for', async () => {
    let asked = 0;
    github.onExchange = ({ path }) => (asked += path.includes('/oidc/token') ? 1 : 0);
    const result = await step({ inputs: inputs({ payload: '{oops' }) });
    expect(result).toMatchObject({
      exitCode: 1,
      log: expect.stringMatching(/'payload' is not JSON: .* line 1, column 2/),
    });
    expect(asked).toBe(0);
    const word = await step({ inputs: inputs({ payload: '{\n  "size": large\n}' }) });
    expect(word.log).toMatch(/'payload' is not JSON: .* line 2, column 11/);
  });
});
