import { app, type Cookie, type HttpHandler, type HttpRequest, type HttpResponseInit } from '@azure/functions';
import { routes } from '@zekt/api';
import { openApp } from './app.ts';

/** From the host's request to the web's and back. The bytes of the body are those that were sent: a signature is checked over them. */
const serve: HttpHandler = async (request: HttpRequest): Promise<HttpResponseInit> => {
  const { answer } = await openApp();
  const { url, method, headers } = request;
  const hasBody = method !== 'GET' && method !== 'HEAD';
  const response = await answer(
    new Request(url, { method, headers, ...(hasBody && { body: await request.arrayBuffer() }) }),
  );
  return {
    status: response.status,
    headers: Object.fromEntries([...response.headers].filter(([name]) => name !== 'set-cookie')),
    cookies: response.headers.getSetCookie().map(toCookie),
    body: new Uint8Array(await response.arrayBuffer()),
  };
};

/** The host takes cookies as a list of their own: several don't fit into one header. Ours always say all of this. */
function toCookie(header: string): Cookie {
  const [pair = '', ...attributes] = header.split('; ');
  const equals = pair.indexOf('=');
  const maxAge = attributes.find((it) => it.startsWith('Max-Age='))?.slice('Max-Age='.length);
  return {
    name: pair.slice(0, equals),
    value: pair.slice(equals + 1),
    path: '/',
    maxAge: Number(maxAge ?? 0),
    httpOnly: true,
    sameSite: 'Lax',
    secure: attributes.includes('Secure'),
  };
}

/** Every route is a function of its own name. Zekt checks itself who calls: GitHub's tokens and signatures are no function keys. */
for (const { name, method, path } of routes) {
  app.http(name, {
    methods: [method],
    route: path.slice(1),
    authLevel: 'anonymous',
    handler: serve,
  });
}

/** Everything else gets Zekt's own answer, which says what is there. */
app.http('noSuchRoute', {
  methods: ['GET', 'POST', 'PUT', 'DELETE', 'PATCH'],
  route: '{*path}',
  authLevel: 'anonymous',
  handler: serve,
});
