import { ZektError } from '@zekt/core';
import type { Call } from './call.ts';

/** For routes that answer in a form of their own: what was foreseen is for the debug log, what was not is an error and counted. */
export function noteFailure(
  { zekt, requestId, route }: Pick<Call, 'zekt' | 'requestId' | 'route'>,
  error: unknown,
): void {
  const { log, counters } = zekt;
  if (error instanceof ZektError) {
    log.debug({ requestId, route, code: error.code, err: error.cause }, error.message);
    return;
  }
  counters.count('errors.internal');
  log.error({ requestId, route, err: error }, 'request failed');
}
