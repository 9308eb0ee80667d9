import { readBytes } from './read-body.ts';
import type { WithHeaders } from './with-headers.ts';

/** A request as an intake sees it, whichever door it came through. */
export interface Incoming extends WithHeaders {
  /**
   * The body's very bytes, read when they are asked for.
   *
   * @throws ZektError `body_too_large`; `unavailable` and `body_too_slow` of the budget; `client_closed_request` when the upload breaks off
   */
  bytes(maxBytes: number): Promise<Buffer>;
}

export const fromRequest = (request: Request): Incoming => ({
  headers: request.headers,
  bytes: (maxBytes) => readBytes(request, maxBytes),
});
