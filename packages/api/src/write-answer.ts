import type { ServerResponse } from 'node:http';
import type { Answer } from './answer.ts';
import { commonHeaders } from './common-headers.ts';
import { discardRest } from './discard-rest.ts';

/** An answer on Node's response. What is still to come of the request is thrown away. */
export function writeAnswer(outgoing: ServerResponse, { status, headers, body }: Answer, requestId: string): void {
  const text = JSON.stringify(body);
  outgoing.writeHead(status, [
    'content-type',
    'application/json',
    'content-length',
    String(Buffer.byteLength(text)),
    ...Object.entries(headers).flat(),
    ...commonHeaders(requestId).flat(),
  ]);
  discardRest(outgoing);
  outgoing.end(text);
}
