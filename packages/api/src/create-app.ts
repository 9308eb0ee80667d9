import { Hono } from 'hono';
import { ZektError } from '@zekt/core';
import type { Answer } from './answer.ts';
import { errorAnswer } from './answer-error.ts';
import { answerRoute } from './answer-route.ts';
import { traceparentOf, type Call } from './call.ts';
import { hooksAround } from './hooks-around.ts';
import { guardBody } from './guard-body.ts';
import { pathOf } from './path-of.ts';
import { errorPage, isPagePath } from './page-response.ts';
import { requestIdOf } from './request-id.ts';
import { routes, type Route } from './routes.ts';
import { toResponse, withCommonHeaders } from './to-response.ts';
import type { Zekt } from './zekt.ts';

/** The whole HTTP surface as one function from Request to Response. */
export function createApp(zekt: Zekt): (request: Request) => Response | Promise<Response> {
  const app = new Hono({ getPath: pathOf });
  for (const route of routes) {
    app.on(route.method, route.path.replace(/\{(\w+)\}/g, ':$1'), (context) =>
      respond(route, {
        zekt,
        route: route.name,
        request: context.req.raw,
        params: context.req.param(),
        requestId: requestIdOf(context.req.raw),
      }),
    );
  }
  for (const path of new Set(routes.map((route) => route.path))) {
    const methods = routes
      .filter((route) => route.path === path)
      .map((route) => route.method)
      .join(', ');
    app.all(path.replace(/\{(\w+)\}/g, ':$1'), (context) =>
      refuse(
        context.req.raw,
        new ZektError('method_not_allowed', `${context.req.method} is not possible here; ${methods} is.`),
        { allow: methods },
      ),
    );
  }
  app.notFound((context) =>
    refuse(
      context.req.raw,
      new ZektError(
        'not_found',
        `There is nothing at ${pathOf(context.req.raw).slice(0, 200)}. /api/openapi.json lists what there is.`,
      ),
    ),
  );
  app.onError((error, context) => {
    zekt.log.error({ err: error }, 'request failed before it reached a route');
    return refuse(context.req.raw, new ZektError('internal', 'Internal server error.', { cause: error }));
  });
  return app.fetch;
}

async function respond(route: Route, { request: unguarded, ...rest }: Call): Promise<Response> {
  const { request, release } = guardBody(unguarded, rest.zekt.bodies);
  const call = { ...rest, request };
  const { requestId } = call;
  const arrival = { ...call, traceparent: traceparentOf(call.request) };
  const answered = await answerRoute<Answer | Response>(route, arrival, async () => {
    const hooked = await hooksAround(route, call);
    const result = await route.handler(hooked.call);
    return result instanceof Response
      ? result
      : { status: route.answer.status, headers: {}, body: await hooked.answer(sealed(result, call)) };
  });
  release();
  return answered instanceof Response ? withCommonHeaders(answered, requestId) : toResponse(answered, requestId);
}

/** A page says where it ended, but not in words that the caller could read. */
function sealed(result: object, { zekt, route }: Call): object {
  if (!('next' in result) || typeof result.next !== 'string') return result;
  return { ...result, next: zekt.cursors.seal(route, result.next) };
}

async function refuse(
  request: Request,
  error: ZektError,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const requestId = requestIdOf(request);
  if (isPagePath(pathOf(request))) {
    const page = await errorPage(error, requestId);
    for (const [name, value] of Object.entries(headers)) page.headers.set(name, value);
    return withCommonHeaders(page, requestId);
  }
  const refusal = errorAnswer(error, requestId);
  return toResponse({ ...refusal, headers: { ...refusal.headers, ...headers } }, requestId);
}
