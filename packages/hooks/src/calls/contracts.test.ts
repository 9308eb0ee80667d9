import { afterAll, beforeAll, beforeEach, afterEach, expect, test } from '@jest/globals';
import {
  domainEventTypes,
  methodsOfServices,
  openApiDocument,
  operations,
  type Operation,
  type OperationName,
} from '@zekt/contracts';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { eventBody } from '../events/event-body.ts';
import { changeScope } from '../manage/change-scope.ts';
import { targetIn } from '../executions/hooks-of-scope.ts';
import { instance } from '../scope.ts';
import { deliveryEvent } from '../testing/event-world.ts';
import { HookEndpoint } from '../testing/hook-endpoint.ts';
import { openContext, type TestContext } from '../testing/open-context.ts';
import { hookRequest, hookResponse, longestChainMs, type MethodCall } from './around-method.ts';

interface Webhook {
  readonly post: {
    readonly requestBody: { readonly content: { readonly 'application/json': { readonly schema: { $ref: string } } } };
  };
}

const document = openApiDocument('1');
const webhooks = document.webhooks as Readonly<Record<string, Webhook>>;
const ajv = new Ajv2020({ strict: false });
ajv.addSchema(document, 'openapi');

/** What is wrong with a body that is sent under a condition. */
function problemOf(condition: string, body: unknown): unknown {
  const { $ref } = webhooks[condition]?.post.requestBody.content['application/json'].schema ?? { $ref: '#/none' };
  const validator = ajv.getSchema(`openapi${$ref}`);
  return validator ? (validator(body), validator.errors) : 'no schema';
}

let endpoint: HookEndpoint;
let opened: TestContext;
beforeAll(async () => {
  endpoint = await HookEndpoint.start();
});
afterAll(() => endpoint.stop());
beforeEach(async () => {
  opened = openContext();
  await changeScope(opened.context, instance, {
    targets: [['a', { type: 'restWebhook', endpoint: endpoint.url('/a'), timeout: '10s' }]],
    executions: [
      ['request:*', [{ target: 'a' }]],
      ['response:*', [{ target: 'a' }]],
    ],
  });
  endpoint.calls.length = 0;
});
afterEach(() => opened.embedded.close());

const callOf = (fullMethod: string): MethodCall => ({
  fullMethod,
  tenantId: 'x.1',
  orgId: '1',
  repository: 'acme/requests',
  actor: 'mona',
  requestId: 'r',
  headers: { host: ['zekt.example'] },
  params: { id: 'a' },
  account: null,
  withinMs: longestChainMs,
});

test('what is sent around a method is what its webhook in the OpenAPI document says', async () => {
  const names = Object.entries(methodsOfServices).flatMap(([service, methods]) =>
    Object.entries(methods).map(
      ([method, [name]]: readonly [string, readonly [OperationName]]) => [`/${service}/${method}`, name] as const,
    ),
  );
  for (const [fullMethod, name] of names) {
    expect(webhooks).toHaveProperty([`request:${fullMethod}`]);
    expect(webhooks).toHaveProperty([`response:${fullMethod}`]);
    if ((operations[name] as Operation).request !== undefined) continue;
    endpoint.calls.length = 0;
    await hookRequest(opened.context, callOf(fullMethod), {}, () => 'never asked');
    expect([fullMethod, problemOf(`request:${fullMethod}`, endpoint.bodiesAt('/a')[0])]).toEqual([fullMethod, null]);
  }
});

test('the request and the response in it are those of the method', async () => {
  const fullMethod = '/zekt.subscription.v1.SubscriptionService/RejectSubscription';
  const send = async (request: object, response: object): Promise<readonly unknown[]> => {
    endpoint.calls.length = 0;
    await hookRequest(opened.context, callOf(fullMethod), request, () => 'never asked');
    await hookResponse(opened.context, callOf(fullMethod), request, response, () => 'never asked');
    return ['request', 'response'].map((phase, n) => problemOf(`${phase}:${fullMethod}`, endpoint.bodiesAt('/a')[n]));
  };
  expect(await send({ reason: 'no' }, {})).toEqual([null, [expect.objectContaining({ instancePath: '/response' })]]);
  expect(await send({ reason: 1 }, {})).toEqual([
    [expect.objectContaining({ instancePath: '/request/reason' })],
    [expect.objectContaining({ instancePath: '/request/reason' })],
  ]);
});

test('what is told of an event is what its webhook says', async () => {
  const target = targetIn(await opened.context.scopes.of(instance), 'a');
  if (!target) throw new Error('no target');
  for (const type of domainEventTypes) {
    const event = deliveryEvent('e', 'd', type);
    const aggregate = { aggregate: { type: 'delivery', id: 'd' }, known: { e: 1 } };
    const body = eventBody(
      aggregate as unknown as Parameters<typeof eventBody>[0],
      event,
      'id',
      target,
      'https://x.example',
    );
    expect([type, problemOf(`event:${type}`, body)]).toEqual([type, null]);
    expect(problemOf(`event:${type}`, { ...body, eventType: 'other' })).not.toBeNull();
  }
});
