import { Hono } from 'hono';
import { ZektError } from '@zekt/core';
import { answer, withCommonHeaders } from './answer.ts';
import { answerError } from './answer-error.ts';
import { routes } from './routes.ts';
import type { Zekt } from './zekt.ts';

/** A request id of the caller's is kept if it is harmless in logs and headers. */
const requestIdOf = (request: Request): string => {
  const given = request.headers.get('x-request-id') ?? '';
  return /^[\w.-]{8,64}$/.test(given) ? given : crypto.randomUUID();
};

/** Published clients join a base URL that ends in a slash with a path that begins with one. */
function pathOf(request: Request): string {
  const start = request.url.indexOf('/', request.url.indexOf('://') + 3);
  const end = request.url.search(/[?#]/);
  return request.url.slice(start, end < 0 ? undefined : end).replace(/\/{2,}/g, '/');
}

/** The whole HTTP surface as one function from Request to Response. */
export function createApp(zekt: Zekt): (request: Request) => Response | Promise<Response> {
  const app = new Hono({ getPath: pathOf });
  for (const route of routes) {
    app.on(route.method, route.path.replace(/\{(\w+)\}/g, ':$1'), (context) =>
      answer(route, {
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

function refuse(request: Request, error: ZektError, headers: Record<string, string> = {}): Response {
  const requestId = requestIdOf(request);
  const response = withCommonHeaders(answerError(error, requestId), requestId);
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  return response;
}
