import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { HookTargetSpec } from '@zekt/contracts';
import { changeScope } from '../manage/change-scope.ts';
import { HookEndpoint, type Reply } from '../testing/hook-endpoint.ts';
import { openContext, type TestContext } from '../testing/open-context.ts';
import { HookFailure } from './hook-failure.ts';
import { mostAnswerBytes } from './judge-answer.ts';
import { runChain } from './run-chain.ts';

let endpoint: HookEndpoint;
let opened: TestContext;
/** Nobody listens there any more. */
let deadPort: number;

beforeAll(async () => {
  endpoint = await HookEndpoint.start();
  opened = openContext();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  deadPort = (server.address() as AddressInfo).port;
  await new Promise((resolve) => server.close(resolve));
});
afterAll(async () => {
  await endpoint.stop();
  await opened.embedded.close();
});
beforeEach(() => {
  endpoint.calls.length = 0;
  endpoint.replies.clear();
  opened.counts.clear();
});

interface Value {
  readonly n: number;
}

/** Runs one target of this kind, and one after it that shows what the value has become. */
async function run(
  spec: Pick<HookTargetSpec, 'type'> & Partial<HookTargetSpec>,
  reply: Reply | 'refused',
): Promise<{ readonly value: Value | null; readonly error: HookFailure | null; readonly after: unknown }> {
  if (reply !== 'refused') endpoint.replies.set('/hook', reply);
  const url = reply === 'refused' ? `http://127.0.0.1:${deadPort}/` : endpoint.url('/hook');
  const { after } = await changeScope(opened.context, 'instance', {
    targets: [
      ['hook', { endpoint: url, timeout: reply === 'never' ? '50ms' : '10s', ...spec }],
      ['witness', { type: 'restWebhook', endpoint: endpoint.url('/witness'), timeout: '10s' }],
    ],
    executions: [],
  });
  const targets = Object.entries(after.targets);
  try {
    const value = await runChain<Value>(opened.context, {
      targets,
      value: { n: 1 },
      bodyOf: (it) => it,
      take: (_, answer) => {
        const given = answer as Partial<Value> | null;
        return typeof given?.n === 'number' ? { value: { n: given.n } } : 'it has no n.';
      },
      deadlineMs: opened.clock.now() + 60_000,
    });
    return { value, error: null, after: endpoint.bodiesAt('/witness')[0] };
  } catch (error) {
    if (!(error instanceof HookFailure)) throw error;
    return { value: null, error, after: endpoint.bodiesAt('/witness')[0] };
  }
}

const oversized = `{"n":2,"x":"${'x'.repeat(mostAnswerBytes)}"}`;

/** What is answered, and what failure that is for a webhook and for a call; null: none. */
const answers: readonly (readonly [string, Reply | 'refused', object | null, object | null])[] = [
  ['2xx with a new body', { status: 200, body: '{"n":2}' }, null, null],
  ['2xx with an empty body', { status: 204 }, null, null],
  ['2xx with a broken body', { status: 200, body: '{"n":' }, null, { code: 'hook_failed', failure: 'answer' }],
  ['2xx with a body that does not fit', { status: 200, body: '{"m":2}' }, null, { code: 'hook_failed' }],
  [
    'a forwarded 409',
    { status: 200, body: '{"forwardedStatusCode":409,"forwardedErrorMessage":"too large"}' },
    ...twice({ code: 'hook_refused', ownStatus: 409, message: 'too large' }),
  ],
  [
    'a forwarded 500',
    { status: 200, body: '{"forwardedStatusCode":500,"forwardedErrorMessage":"ill"}' },
    ...twice({ code: 'hook_failed', ownStatus: null, message: 'ill' }),
  ],
  [
    'a forwarded message alone',
    { status: 200, body: '{"forwardedErrorMessage":"no"}' },
    ...twice({ code: 'hook_failed', ownStatus: null, message: 'no' }),
  ],
  ['403', { status: 403, body: '{"n":2}' }, ...twice({ code: 'hook_failed', ownStatus: null, status: 403 })],
  ['500', { status: 500, body: 'secret' }, ...twice({ code: 'hook_failed', status: 500 })],
  ['a redirect', { status: 307, headers: { location: '/witness' } }, ...twice({ code: 'hook_failed', status: 307 })],
  ['nothing in time', 'never', ...twice({ code: 'hook_timeout' })],
  ['a refused connection', 'refused', ...twice({ code: 'hook_unreachable' })],
  ['too much', { status: 200, body: oversized }, ...twice({ code: 'hook_failed', failure: 'answer' })],
];

function twice<T>(value: T): readonly [T, T] {
  return [value, value];
}

describe.each(answers)('%s', (_, reply, ofWebhook, ofCall) => {
  test.each(['restWebhook', 'restCall'] as const)('%s that interrupts', async (type) => {
    const failure = type === 'restCall' ? ofCall : ofWebhook;
    const { value, error, after } = await run({ type, interruptOnError: true }, reply);
    if (failure) {
      expect(error).toMatchObject(failure);
      expect(error?.message).not.toContain('secret');
      expect(after).toBeUndefined();
    } else {
      const n = type === 'restCall' && reply !== 'never' && reply !== 'refused' && reply.status === 200 ? 2 : 1;
      expect({ value, error, after }).toEqual({ value: { n }, error: null, after: { n } });
    }
  });

  test.each(['restWebhook', 'restCall'] as const)('%s that does not', async (type) => {
    const failure = type === 'restCall' ? ofCall : ofWebhook;
    const { value, error, after } = await run({ type }, reply);
    const isTaken = failure === null && type === 'restCall' && typeof reply === 'object' && reply.status === 200;
    const n = isTaken ? 2 : 1;
    expect({ value, error, after }).toEqual({ value: { n }, error: null, after: { n } });
  });

  test('restAsync stops and changes nothing', async () => {
    const { value, error, after } = await run({ type: 'restAsync' }, reply);
    expect({ value, error, after }).toEqual({ value: { n: 1 }, error: null, after: { n: 1 } });
  });
});

test('a redirect is not followed', async () => {
  await run({ type: 'restWebhook', interruptOnError: true }, { status: 307, headers: { location: '/elsewhere' } });
  expect(endpoint.calls.map(({ path }) => path)).toEqual(['/hook']);
});

test('once the time of the whole is over, what interrupts fails without being called', async () => {
  const { after } = await changeScope(opened.context, 'instance', {
    targets: [
      ['late', { type: 'restWebhook', endpoint: endpoint.url('/late'), timeout: '10s', interruptOnError: true }],
    ],
    executions: [],
  });
  const { late } = after.targets;
  if (!late) throw new Error('no target');
  const running = runChain(opened.context, {
    targets: [['late', late]],
    value: {},
    bodyOf: (it) => it,
    take: (value) => ({ value }),
    deadlineMs: opened.clock.now(),
  });
  await expect(running).rejects.toMatchObject({ code: 'hook_timeout' });
  expect(endpoint.calls).toEqual([]);
});

test('an asynchronous target is told what was at its turn, whatever comes later', async () => {
  endpoint.replies.set('/change', { status: 200, body: '{"n":2}' });
  const { after } = await changeScope(opened.context, 'instance', {
    targets: [
      ['first', { type: 'restAsync', endpoint: endpoint.url('/first'), timeout: '10s' }],
      ['change', { type: 'restCall', endpoint: endpoint.url('/change'), timeout: '10s' }],
    ],
    executions: [],
  });
  const order = ['first', 'change', 'first'] as const;
  await runChain<Value>(opened.context, {
    targets: order.flatMap((id) => (after.targets[id] ? [[id, after.targets[id]] as const] : [])),
    value: { n: 1 },
    bodyOf: (it) => it,
    take: (_, answer) => ({ value: answer as Value }),
    deadlineMs: opened.clock.now() + 60_000,
  });
  while (endpoint.bodiesAt('/first').length < 2) await new Promise((resolve) => setImmediate(resolve));
  expect(endpoint.bodiesAt('/first')).toEqual(expect.arrayContaining([{ n: 1 }, { n: 2 }]));
});
