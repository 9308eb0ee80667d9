import type { HttpRequest } from '@azure/functions';

/**
 * From the host's request to the web's. The bytes of the body are those that were sent: a signature is checked over them. They are passed on and
 * not read: what is refused, or has to wait for room, is not copied.
 *
 * @param traceparent of the host's own span, which continues the caller's trace: what the app does belongs below it
 */
export function toWebRequest(request: HttpRequest, traceparent: string | undefined): Request {
  const { url, method } = request;
  const headers = new Headers([...request.headers]);
  if (traceparent) headers.set('traceparent', traceparent);
  const body = method === 'GET' || method === 'HEAD' ? null : (request.body as ReadableStream<Uint8Array> | null);
  return new Request(url, { method, headers, ...(body && { body, duplex: 'half' }) });
}
