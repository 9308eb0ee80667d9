import { describe, expect, test } from '@jest/globals';
import { createHookHandler, type HookHandlerOptions } from './create-hook-handler.ts';
import { forwardError } from './forward-error.ts';
import type { HookEvent, HookRequest } from './generated/bodies.ts';
import { MemoryReplayStore } from './replay-store.ts';
import { sendTestCall } from './send-test-call.ts';
import { sign } from './signature.ts';

const key = 'whsec_a';
let now = 1_700_000_000_000;
const request: HookRequest = {
  fullMethod: '/zekt.event.v1.EventService/ReceiveEvent',
  tenantId: 'x.1',
  orgId: '1',
  repository: 'acme/requests',
  actor: 'mona',
  requestId: 'r',
  headers: {},
  params: {},
  request: { eventType: 'ordered', repository: 'acme/requests', workflowRunId: '1' },
};
const event: HookEvent = {
  deliveryId: 'd-1',
  eventId: 'e-1',
  eventType: 'delivery.failed',
  aggregateType: 'delivery',
  aggregateId: 'd',
  sequence: 1,
  createdAt: '2026-01-01T00:00:00.000Z',
  tenantId: null,
  actor: null,
  correlationId: null,
  payload: { id: 'e-1', type: 'delivery.failed', at: '2026-01-01T00:00:00.000Z', summary: 'It failed.' },
};
const handlerOf = (options: Partial<HookHandlerOptions> = {}) =>
  createHookHandler({ keys: [key], now: () => now, ...options });
const send = async (
  options: Partial<HookHandlerOptions>,
  body: Parameters<typeof sendTestCall>[0]['body'] = request,
) => {
  const response = await sendTestCall({ to: handlerOf(options), key, body, now });
  return { status: response.status, text: await response.text() };
};

test('each kind of call comes to its own hook', async () => {
  const seen: string[] = [];
  const options: Partial<HookHandlerOptions> = {
    onRequest: () => void seen.push('request'),
    onResponse: () => void seen.push('response'),
    onFunction: ({ function: name }) => void seen.push(name),
    onEvent: ({ eventType }) => void seen.push(eventType),
  };
  const response = { ...request, response: { messageId: '1' } } as unknown as HookRequest;
  for (const body of [request, response, { function: 'prepolicy' }, event])
    expect(await send(options, body)).toEqual({ status: 200, text: '' });
  expect(seen).toEqual(['request', 'response', 'prepolicy', 'delivery.failed']);
});

test('what a hook gives back is answered bare and whole; nothing is an empty body', async () => {
  const changed = { ...request.request, payload: { costCentre: 'CC-1' } };
  expect(await send({ onRequest: () => changed })).toEqual({ status: 200, text: JSON.stringify(changed) });
  expect(await send({ onRequest: async () => undefined })).toEqual({ status: 200, text: '' });
  expect(await send({ onEvent: () => Promise.resolve() }, event)).toEqual({ status: 200, text: '' });
});

test('a forwarded error is a 200 that says so', async () => {
  const { status, text } = await send({ onRequest: () => forwardError(409, 'Too large.') });
  expect([status, JSON.parse(text)]).toEqual([200, { forwardedStatusCode: 409, forwardedErrorMessage: 'Too large.' }]);
  expect(() => forwardError(500, 'no')).toThrow(RangeError);
  expect(() => forwardError(399, 'no')).toThrow(RangeError);
});

test('of an event it is the status itself, so the server gives up on it', async () => {
  expect(await send({ onEvent: () => forwardError(422, 'Never.') }, event)).toEqual({ status: 422, text: 'Never.' });
});

test('what a hook throws else is told to its owner alone', async () => {
  const errors: unknown[] = [];
  const answer = await send({
    onRequest: () => {
      throw new Error('the password is x');
    },
    onError: (error) => errors.push(error),
  });
  expect(answer).toEqual({ status: 500, text: 'The hook failed.' });
  expect(errors).toEqual([new Error('the password is x')]);
});

test('a call that there is no hook for does not pass as looked at', async () => {
  expect((await send({ onEvent: () => undefined })).status).toBe(501);
});

test("the server's test of a target is answered without a hook", async () => {
  const body = { test: true, target: 'a', sentAt: '2026-01-01T00:00:00.000Z' } as unknown as HookRequest;
  expect(await send({}, body)).toEqual({ status: 200, text: '' });
});

describe('nothing unverified reaches a hook', () => {
  const never = (): never => {
    throw new Error('reached');
  };
  const handler = handlerOf({
    onRequest: never,
    onResponse: never,
    onFunction: never,
    onEvent: never,
    mostBytes: 1000,
  });
  const post = async (body: string, headers: Record<string, string> = {}): Promise<number> =>
    (await handler(new Request('http://localhost/', { method: 'POST', body, headers }))).status;
  const signed = (body: string, by = key) => ({
    'zekt-signature': sign([by], now / 1000, Buffer.from(body)),
  });

  test('unsigned, malformed, by another key, of another body', async () => {
    const body = JSON.stringify(request);
    expect(await post(body)).toBe(401);
    expect(await post(body, { 'zekt-signature': 'nonsense' })).toBe(400);
    expect(await post(body, signed(body, 'other'))).toBe(401);
    expect(await post(`${body} `, signed(body))).toBe(401);
  });

  test('by another method, or too large', async () => {
    expect((await handler(new Request('http://localhost/'))).status).toBe(405);
    expect(await post('x'.repeat(1001))).toBe(413);
  });

  test('a body that does not end is not read to its end', async () => {
    let pulled = 0;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        pulled += 1;
        controller.enqueue(new Uint8Array(600));
      },
    });
    const endless = new Request('http://localhost/', { method: 'POST', body, duplex: 'half' });
    expect((await handler(endless)).status).toBe(413);
    expect(pulled).toBeLessThan(10);
  });

  test.each(['', 'not json', 'null', '[]', '{}', 'eyJhbGciOiJFUzI1NiJ9.e30.x'])('signed, but %s', async (body) => {
    expect(await post(body, signed(body))).toBe(400);
  });
});

test('no keys, and empty ones, are refused: with those anybody could sign', async () => {
  expect(() => handlerOf({ keys: [] })).toThrow(TypeError);
  expect(() => handlerOf({ keys: [key, ''] })).toThrow(TypeError);
  expect(() => handlerOf({ tolerance: 0 })).toThrow(TypeError);
  expect((await send({ keys: () => [''], onRequest: () => undefined })).status).toBe(500);
  expect((await send({ keys: async () => ['other', key], onRequest: () => undefined })).status).toBe(200);
});

describe('with a replay store', () => {
  const open = (more: Partial<HookHandlerOptions> = {}) => {
    const seen: string[] = [];
    const handler = handlerOf({
      replayStore: new MemoryReplayStore({ now: () => now }),
      onRequest: () => void seen.push('request'),
      onEvent: () => void seen.push('event'),
      ...more,
    });
    return {
      seen,
      call: async (body: HookRequest | HookEvent, deliveryId = 'a') =>
        (await sendTestCall({ to: handler, key, body, deliveryId, now })).status,
    };
  };

  test('a captured call is refused, under whatever id it comes again', async () => {
    const { seen, call } = open();
    expect([await call(request), await call(request), await call(request, 'b')]).toEqual([200, 409, 409]);
    now += 1000;
    expect(await call(request)).toBe(200);
    expect(seen).toEqual(['request', 'request']);
  });

  test('an event that comes again after it was done is answered well, and not done again', async () => {
    const { seen, call } = open();
    expect(await call(event)).toBe(200);
    now += 3_600_000;
    expect(await call(event)).toBe(200);
    expect(await call({ ...event, deliveryId: 'd-2' })).toBe(200);
    expect(seen).toEqual(['event', 'event']);
  });

  test('an event that failed is done when it comes again', async () => {
    let tries = 0;
    const { call } = open({
      onEvent: () => {
        tries += 1;
        if (tries === 1) throw new Error('not yet');
      },
    });
    expect([await call(event), await call(event), await call(event)]).toEqual([500, 200, 200]);
    expect(tries).toBe(2);
  });

  test('an event that comes again meanwhile is to come later', async () => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const { call } = open({ onEvent: () => promise });
    const first = call(event);
    expect(await call(event)).toBe(503);
    resolve(undefined);
    expect(await first).toBe(200);
  });

  test('the store in memory forgets in time, and the oldest when it is full', () => {
    let at = 0;
    const store = new MemoryReplayStore({ most: 2, now: () => at });
    expect([store.claim('a', 10), store.claim('a', 10)]).toEqual(['new', 'running']);
    store.finish('a');
    expect(store.claim('a', 10)).toBe('done');
    at = 10;
    expect(store.claim('a', 10)).toBe('new');
    expect([store.claim('b', 10), store.claim('c', 10), store.claim('a', 10)]).toEqual(['new', 'new', 'new']);
  });
});
