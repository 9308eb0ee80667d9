import { expect, test } from '@jest/globals';
import { ManualClock } from '@zekt/core/testing';
import { BodyBudget } from './body-budget.ts';
import { guardBody } from './guard-body.ts';
import { readBytes } from './read-body.ts';

const url = 'http://zekt.example/api/apply';
const mebibyte = new Uint8Array(1024 * 1024);

/** A body of which so many MiB come, and then nothing more. */
function upload(mebibytes: number, { ends = true, headers = {} }: { ends?: boolean; headers?: object } = {}): Request {
  let left = mebibytes;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (left > 0) controller.enqueue(mebibyte);
      else if (ends) controller.close();
      else return new Promise(() => undefined);
      left -= 1;
      return undefined;
    },
  });
  return new Request(url, { method: 'POST', body, duplex: 'half', headers: { ...headers } });
}
const chunked = { 'transfer-encoding': 'chunked' };

test.each([chunked, { 'content-length': String(5 * mebibyte.byteLength) }])(
  'a body counts while it is held, and is read as it came: %j',
  async (headers) => {
    const bodies = new BodyBudget(new ManualClock());
    const { request, release } = guardBody(upload(5, { headers }), bodies);
    expect((await readBytes(request, 10 * mebibyte.byteLength)).byteLength).toBe(5 * mebibyte.byteLength);
    expect(bodies.held).toBe(5 * mebibyte.byteLength);
    release();
    expect(bodies.held).toBe(0);
  },
);

test.each([chunked, { 'content-length': '60000000' }])(
  'a body for which there is no room is refused: %j',
  async (headers) => {
    const { request } = guardBody(upload(60, { headers }), new BodyBudget(new ManualClock()));
    await expect(readBytes(request, 100 * mebibyte.byteLength)).rejects.toMatchObject({ code: 'unavailable' });
  },
);

test('a body that stops coming is given up', async () => {
  const clock = new ManualClock();
  const { request } = guardBody(upload(1, { ends: false, headers: chunked }), new BodyBudget(clock));
  const read = expect(readBytes(request, 10 * mebibyte.byteLength)).rejects.toMatchObject({ code: 'body_too_slow' });
  await new Promise((resolve) => setImmediate(resolve));
  clock.advance(20_000);
  await read;
});

test('a request without a body is left as it is', () => {
  const request = new Request(url, { headers: { 'content-length': '5' } });
  expect(guardBody(request, new BodyBudget(new ManualClock())).request).toBe(request);
});
