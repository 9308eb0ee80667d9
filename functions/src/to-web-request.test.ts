import { HttpRequest } from '@azure/functions';
import { expect, test } from '@jest/globals';
import { toWebRequest } from './to-web-request.ts';

const url = 'https://zekt.example/api/events/receive?x=1';
const headers = {
  'content-type': 'application/json',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01',
};
const hosts = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

test('what the app does is below the span of the host, which is below that of the caller', async () => {
  const request = new HttpRequest({ url, method: 'POST', headers, body: { string: '{"a":1}' } });
  const web = toWebRequest(request, hosts);
  expect([web.url, web.method, web.headers.get('traceparent')]).toEqual([url, 'POST', hosts]);
  expect(await web.text()).toBe('{"a":1}');
});

test('a body is not read before somebody asks for it', async () => {
  const bytes = Buffer.from('{"a":1}');
  const request = new HttpRequest({ url, method: 'POST', headers, body: { bytes } });
  const web = toWebRequest(request, hosts);
  await new Promise(setImmediate);
  expect([request.bodyUsed, web.bodyUsed]).toEqual([false, false]);
  // Who asks gets the chunk that the host handed over, in one piece.
  const read = await web.body?.getReader().read();
  expect(Buffer.from(read?.value ?? []).equals(bytes)).toBe(true);
});

test('without a span of the host the trace of the caller goes on', async () => {
  const web = toWebRequest(new HttpRequest({ url, method: 'GET', headers }), undefined);
  expect(web.headers.get('traceparent')).toBe(headers.traceparent);
  expect(web.body).toBeNull();
});
