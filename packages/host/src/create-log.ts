import { pino, type DestinationStream, type Level } from 'pino';
import { redact } from '@zekt/github';
import { printableLines, type Log } from '@zekt/core';

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
 * @param also gets every line as well
 */
export function createLog(
  level: string,
  stream: DestinationStream = pino.destination({ dest: 2, sync: true }),
  also?: DestinationStream,
): Log {
  // multistream lets pass what its own level says, so each must say the level.
  const both = also && pino.multistream([stream, also].map((it) => ({ stream: it, level: level as Level })));
  // JSON escapes the controls below U+0020 by itself; a terminal that shows these lines obeys others, too.
  return pino({ level, serializers: { err: describeError }, hooks: { streamWrite: printableLines } }, both ?? stream);
}
