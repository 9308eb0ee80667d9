import { tellLatency, ZektError } from '@zekt/core';
import type { Answer } from './answer.ts';
import { errorAnswer } from './answer-error.ts';
import { noticeRefusal } from './notice-refusal.ts';
import type { Route } from './routes.ts';
import type { Zekt } from './zekt.ts';

/** What is known of a request before anything is done for it. */
export interface Arrival {
  readonly zekt: Zekt;
  readonly requestId: string;
  /** The trace that the caller is in, if it says so. */
  readonly traceparent: string | null;
}

/** Does what a route is for, as a span, counted, and makes an answer of whatever comes of it. Never throws. */
export async function answerRoute<T extends { readonly status: number }>(
  route: Pick<Route, 'name' | 'method' | 'path'>,
  { zekt, requestId, traceparent }: Arrival,
  respond: () => Promise<T>,
): Promise<T | Answer> {
  const attributes = {
    'http.request.method': route.method,
    'http.route': route.path,
    'zekt.request_id': requestId,
  };
  const startedAt = zekt.clock.now();
  const answered = await zekt.telemetry.span(
    `${route.method} ${route.path}`,
    { kind: 'server', attributes, parent: traceparent },
    () => respond().catch((error: unknown) => errorAnswer(asZektError(error, route.name, zekt, requestId), requestId)),
  );
  zekt.telemetry.count('zekt.requests', { route: route.name, status: answered.status });
  if (route.name === 'receiveEvent' || route.name === 'receiveWebhook')
    tellLatency(zekt.telemetry, route.name, zekt.clock.now() - startedAt);
  return answered;
}

/** What was not foreseen is told to the log, not to the caller. */
function asZektError(error: unknown, route: string, zekt: Zekt, requestId: string): ZektError {
  const { counters, log } = zekt;
  if (error instanceof ZektError) {
    noticeRefusal(zekt, error);
    log.debug({ requestId, route, code: error.code }, error.message);
    return error;
  }
  counters.count('errors.internal');
  log.error({ requestId, route, err: error }, 'request failed');
  return new ZektError('internal', `Internal server error. The server's log has more under request id ${requestId}.`);
}
