import type { Answer } from './answer.ts';
import { commonHeaders } from './common-headers.ts';

/** An answer as the web's Response. */
export const toResponse = ({ status, headers, body }: Answer, requestId: string): Response =>
  withCommonHeaders(Response.json(body, { status, headers }), requestId);

export function withCommonHeaders(response: Response, requestId: string): Response {
  for (const [name, value] of commonHeaders(requestId)) response.headers.set(name, value);
  return response;
}
