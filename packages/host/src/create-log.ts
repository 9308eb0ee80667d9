import { pino, type DestinationStream } from 'pino';
import { redact } from '@zekt/github';
import type { Log } from '@zekt/core';

/** Only what helps: request objects of HTTP clients carry headers, and those carry tokens. */
function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { message: redact(String(error)) };
  return {
    type: error.name,
    message: redact(error.message),
    ...('status' in error && { status: error.status }),
    ...(error.stack !== undefined && { stack: error.stack.split('\n').slice(1).join('\n') }),
    ...(error.cause !== undefined && { cause: describeError(error.cause) }),
  };
}

/**
 * JSON lines.
 *
 * @param stream default: standard error
 */
export function createLog(level: string, stream: DestinationStream = pino.destination({ dest: 2, sync: true })): Log {
  return pino({ level, serializers: { err: describeError } }, stream);
}
