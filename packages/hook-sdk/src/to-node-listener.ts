import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { HookHandler } from './create-hook-handler.ts';

/** A handler as `http.createServer` takes it. */
export const toNodeListener =
  (handler: HookHandler) =>
  (message: IncomingMessage, response: ServerResponse): void => {
    void respond(handler, message, response).catch(() => {
      if (!response.headersSent) response.writeHead(400);
      response.end();
    });
  };

async function respond(handler: HookHandler, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const answer = await handler(toRequest(message));
  const body = Buffer.from(await answer.arrayBuffer());
  if (response.destroyed) return;
  // What of the body was not read would be taken for the next request.
  if (!message.complete) response.setHeader('connection', 'close');
  response.writeHead(answer.status, [...answer.headers].flat());
  response.end(body);
}

/** Handlers look at no host, so what a caller says of it is left out of the URL. */
function toRequest(message: IncomingMessage): Request {
  const { method = 'GET', url = '/', headersDistinct } = message;
  const headers = Object.entries(headersDistinct).flatMap(([name, values = []]) =>
    values.map((value): [string, string] => [name, value]),
  );
  const hasBody = method !== 'GET' && method !== 'HEAD';
  return new Request(new URL(url, 'http://localhost'), {
    method,
    headers,
    ...(hasBody && { body: Readable.toWeb(message) as ReadableStream<Uint8Array>, duplex: 'half' as const }),
  });
}
