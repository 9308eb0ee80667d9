import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Scope } from '../executions/hooks-of-scope.ts';
import { instance } from '../scope.ts';
import { changeScope } from '../manage/change-scope.ts';
import { staleAfterMs } from '../store/scope-hooks.ts';
import { HookEndpoint } from '../testing/hook-endpoint.ts';
import { openContext, type TestContext } from '../testing/open-context.ts';
import { hookRequest, isHooked, longestChainMs, type MethodCall } from './around-method.ts';

const account = 'x.1';
const call: MethodCall = {
  fullMethod: '/zekt.event.v1.EventService/ReceiveEvent',
  tenantId: account,
  orgId: '1',
  repository: 'acme/requests',
  actor: 'mona',
  requestId: 'r',
  headers: {},
  params: {},
  account,
  withinMs: longestChainMs,
};
let endpoint: HookEndpoint;
let opened: TestContext;
beforeAll(async () => {
  endpoint = await HookEndpoint.start();
});
afterAll(() => endpoint.stop());
beforeEach(() => {
  opened = openContext();
  endpoint.calls.length = 0;
});
afterEach(() => opened.embedded.close());

const hookAll = ({ context }: TestContext, scope: Scope, path: string) =>
  changeScope(context, scope, {
    targets: [['a', { type: 'restWebhook', endpoint: endpoint.url(path), timeout: '10s' }]],
    executions: [['request:*', [{ target: 'a' }]]],
  });
const run = ({ context }: TestContext, changes: Partial<MethodCall> = {}) =>
  hookRequest(context, { ...call, ...changes }, { n: 1 }, () => 'never asked');

test("the operator's hooks run before the account's", async () => {
  await hookAll(opened, account, '/account');
  await hookAll(opened, instance, '/operator');
  expect(await run(opened)).toEqual({ n: 1 });
  expect(endpoint.calls.map(({ path }) => path)).toEqual(['/operator', '/account']);
});

test("an account's hooks are asked about nobody else's calls", async () => {
  await hookAll(opened, account, '/account');
  await run(opened, { account: 'x.2' });
  await run(opened, { account: null });
  expect(endpoint.calls).toEqual([]);
});

test('turned off, nothing is called, whatever is set up', async () => {
  const off = openContext({ isOff: true });
  await hookAll(off, instance, '/operator');
  expect(await isHooked(off.context, 'request', call)).toBe(false);
  await run(off);
  expect(endpoint.calls).toEqual([]);
  await off.embedded.close();
});

test('what nobody hooks into costs one read for each scope a second, however often it is called', async () => {
  let reads = 0;
  const { store } = opened.embedded;
  const counting = openContext({
    store: {
      get: (partition, id) => {
        reads += 1;
        return store.get(partition, id);
      },
      commit: (batch) => store.commit(batch),
      list: (partition, options) => store.list(partition, options),
    },
  });
  await Promise.all(Array.from({ length: 100 }, () => run(counting)));
  for (let n = 0; n < 100; n += 1) await run(counting);
  expect(reads).toBe(2);
  counting.clock.advance(staleAfterMs);
  await run(counting);
  expect(reads).toBe(4);
  await counting.embedded.close();
});
