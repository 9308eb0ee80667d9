import type { WithHeaders } from './with-headers.ts';

/** A request id of the caller's is kept if it is harmless in logs and headers. */
export function requestIdOf({ headers }: WithHeaders): string {
  const given = headers.get('x-request-id') ?? '';
  return /^[\w.-]{8,64}$/.test(given) ? given : crypto.randomUUID();
}
