import { isTraceparent, ZektError } from '@zekt/core';
import type { WithHeaders } from './with-headers.ts';
import type { Zekt } from './zekt.ts';

/** One request on its way through a handler. */
export interface Call {
  readonly zekt: Zekt;
  /** The name of the route that took it. */
  readonly route: string;
  readonly request: Request;
  /** From the path, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly requestId: string;
}

/**
 * Which page is wanted. Its `next` is sealed where the answer is made.
 *
 * @throws ZektError `invalid_query`
 */
export function readPaging({ zekt, route, request }: Call): { after: string | undefined; limit: number } {
  const query = new URL(request.url).searchParams;
  const limit = query.get('limit') ?? '50';
  if (!/^\d{1,3}$/.test(limit) || Number(limit) < 1 || Number(limit) > 100) {
    throw new ZektError('invalid_query', `'limit' must be 1 to 100; got '${limit.slice(0, 20)}'.`);
  }
  const after = query.get('after') ?? '';
  return { after: after === '' ? undefined : zekt.cursors.open(route, after), limit: Number(limit) };
}

/** A path parameter; the route's own pattern says that it is there. */
export const param = ({ params }: Call, name: string): string => params[name] ?? '';

/** The trace that the caller is in, if it says so. */
export function traceparentOf({ headers }: WithHeaders): string | null {
  const given = headers.get('traceparent') ?? '';
  return isTraceparent(given) ? given : null;
}
