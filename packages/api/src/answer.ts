import { ZektError } from '@zekt/core';
import { answerError } from './answer-error.ts';
import { traceparentOf, type Call } from './call.ts';
import type { Route } from './routes.ts';

const commonHeaders = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

/** Runs a route's handler and makes a response of whatever comes of it. Never throws. */
export async function answer(route: Route, call: Call): Promise<Response> {
  const { telemetry } = call.zekt;
  const attributes = {
    'http.request.method': route.method,
    'http.route': route.path,
    'zekt.request_id': call.requestId,
  };
  const response = await telemetry.span(
    `${route.method} ${route.path}`,
    { kind: 'server', attributes, parent: traceparentOf(call.request) },
    () => respond(route, call),
  );
  telemetry.count('zekt.requests', { route: route.name, status: response.status });
  return withCommonHeaders(response, call.requestId);
}

async function respond(route: Route, call: Call): Promise<Response> {
  try {
    const result = await route.handler(call);
    return result instanceof Response ? result : Response.json(sealed(result, call), { status: route.answer.status });
  } catch (error) {
    return answerError(asZektError(error, route.name, call), call.requestId);
  }
}

/** A page says where it ended, but not in words that the caller could read. */
function sealed(result: object, { zekt, route }: Call): object {
  if (!('next' in result) || typeof result.next !== 'string') return result;
  return { ...result, next: zekt.cursors.seal(route, result.next) };
}

/** What was not foreseen is told to the log, not to the caller. */
function asZektError(error: unknown, route: string, { zekt, requestId }: Call): ZektError {
  if (error instanceof ZektError) {
    zekt.log.debug({ requestId, route, code: error.code }, error.message);
    return error;
  }
  zekt.counters.count('errors.internal');
  zekt.log.error({ requestId, route, err: error }, 'request failed');
  return new ZektError('internal', `Internal server error. The server's log has more under request id ${requestId}.`);
}

export function withCommonHeaders(response: Response, requestId: string): Response {
  for (const [name, value] of Object.entries(commonHeaders)) response.headers.set(name, value);
  response.headers.set('x-request-id', requestId);
  return response;
}
