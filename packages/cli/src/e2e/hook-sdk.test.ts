import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { HttpRequest } from '@azure/functions';
import { openFixture, until, type Fixture } from './fixture.ts';

// The SDK's examples as they are, called by a server.

let world: Fixture;
let node: Server;
let azure: Server;
const said: string[] = [];
const portOf = (server: Server): number => (server.address() as AddressInfo).port;

/** What the example is told by its environment. */
const environment = (HOOK_KEYS: string): void => void Object.assign(process.env, { HOOK_KEYS, PORT: '0' });

async function putTarget(id: string, endpoint: string, type: string): Promise<string> {
  const spec = { type, endpoint, timeout: '5s', ...(type === 'restCall' && { interruptOnError: true }) };
  const made = await world.client('putHookTarget', { params: { id }, body: spec });
  return made.signingKey ?? '';
}

/** The runtime of functions, as far as the example needs it. */
async function serveFunction(): Promise<Server> {
  const { hooks } = await import('../../../hook-sdk/examples/azure-function.ts');
  const server = createServer((request, response) => {
    void (async () => {
      const headers = Object.fromEntries(
        Object.entries(request.headersDistinct).map(([name, it]) => [name, it?.[0] ?? '']),
      );
      const body = { string: await text(request) };
      const given = new HttpRequest({ method: request.method ?? '', url: 'http://localhost/api/hooks', headers, body });
      const answer = await hooks(given);
      response.writeHead(answer.status ?? 200).end(answer.body);
    })();
  });
  return server.listen(0, '127.0.0.1');
}

beforeAll(async () => {
  jest.spyOn(console, 'log').mockImplementation((line: string) => void said.push(line));
  // There is no runtime of functions, says its library.
  jest.spyOn(console, 'warn').mockReturnValue(undefined);
  world = await openFixture();
  // A key is there before the address of its target is known.
  const keys = [
    await putTarget('orders', 'http://127.0.0.1:1/', 'restCall'),
    await putTarget('ledger', 'http://127.0.0.1:1/', 'restWebhook'),
  ];
  environment(keys.join(','));
  ({ server: node } = await import('../../../hook-sdk/examples/node-server.ts'));
  if (!node.listening) await once(node, 'listening');
  azure = await serveFunction();
  await once(azure, 'listening');
});
afterAll(async () => {
  jest.restoreAllMocks();
  for (const server of [node, azure]) {
    server.closeAllConnections();
    server.close();
  }
  await world.stop();
});

test('the hook of the tutorial is its example, and does what the tutorial says', async () => {
  const read = (path: string): Promise<string> => readFile(new URL(`../../../../${path}`, import.meta.url), 'utf8');
  const code = await read('packages/hook-sdk/examples/first-hook.ts');
  expect(await read('docs/tutorial/first-hook.md')).toContain(`\`\`\`ts\n${code}\`\`\``);
  Object.assign(process.env, { HOOK_KEY: await putTarget('first', 'http://127.0.0.1:1/', 'restCall') });
  const { server } = await import('../../../hook-sdk/examples/first-hook.ts');
  if (!server.listening) await once(server, 'listening');
  await putTarget('first', `http://127.0.0.1:${portOf(server)}/`, 'restCall');
  const on = { request: { method: '/zekt.subscription.v1.SubscriptionService/RevokeSubscription' } };
  await world.client('putHookExecution', { body: { on, call: [{ target: 'first' }] } });
  const revoke = (body?: object) =>
    world.client('revokeSubscription', { params: { id: 'finance-orders' }, ...(body && { body }) });
  await expect(revoke()).rejects.toThrow('Say why you revoke it.');
  await revoke({ reason: 'not needed' });
  expect(JSON.stringify(await world.events())).toContain('not needed (operator)');
  await world.client('approveSubscription', { params: { id: 'finance-orders' } });
  server.closeAllConnections();
  server.close();
});

describe.each(['node', 'azure'] as const)('the example for %s', (host) => {
  beforeAll(async () => {
    const endpoint = `http://127.0.0.1:${portOf(host === 'node' ? node : azure)}/api/hooks`;
    await putTarget('orders', endpoint, 'restCall');
    await putTarget('ledger', endpoint, 'restWebhook');
    const resources = [
      {
        apiVersion: 'zekt.dev/v1',
        kind: 'Execution',
        spec: {
          on: { request: { service: 'zekt.event.v1.EventService' } },
          call: [{ target: 'orders' }],
        },
      },
      {
        apiVersion: 'zekt.dev/v1',
        kind: 'Execution',
        spec: { on: { event: { group: 'message' } }, call: [{ target: 'ledger' }] },
      },
    ];
    await world.client('applyResources', { body: { resources } });
  });

  test('its test call is answered', async () => {
    expect(await world.client('testHookTarget', { params: { id: 'orders' } })).toMatchObject({ ok: true, status: 200 });
  });

  test('an order gets its cost centre', async () => {
    const run = world.startRun();
    const before = world.github.dispatchesTo('contoso/platform').length;
    expect(await world.send(run, { body: { payload: { amount: 300 } } })).toMatchObject({ status: 200 });
    world.github.completeRun(run);
    await until(() => world.github.dispatchesTo('contoso/platform').length > before, 'the dispatch');
    expect(world.github.dispatchesTo('contoso/platform').at(-1)?.clientPayload.payload).toEqual({
      amount: 300,
      costCentre: 'CC-100',
    });
  });

  test('an order that is too large is refused, in its words', async () => {
    expect(await world.send(world.startRun(), { body: { payload: { amount: 90_000 } } })).toMatchObject({
      status: 422,
      body: { code: 'hook_refused', error: 'An order may cost 10000 at most; this one costs 90000.' },
    });
  });

  test('it is told of events', async () => {
    said.length = 0;
    await world.send(world.startRun(), { body: { payload: { amount: 1 } } });
    await until(() => said.some((line) => line.startsWith('message.received: ')), 'the event');
  });
});
