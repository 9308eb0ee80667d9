import type { HttpRequest } from '@azure/functions';

/**
 * From the host's request to the web's. The bytes of the body are those that were sent: a signature is checked over them.
 *
 * @param traceparent of the host's own span, which continues the caller's trace: what the app does belongs below it
 */
export async function toWebRequest(request: HttpRequest, traceparent: string | undefined): Promise<Request> {
  const { url, method } = request;
  const headers = new Headers([...request.headers]);
  if (traceparent) headers.set('traceparent', traceparent);
  const hasBody = method !== 'GET' && method !== 'HEAD';
  return new Request(url, { method, headers, ...(hasBody && { body: await request.arrayBuffer() }) });
}
