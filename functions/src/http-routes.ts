import { app, type HttpHandler } from '@azure/functions';
import { operations } from '@zekt/contracts';
import { loadParts } from './load-parts.ts';

const handler: HttpHandler = async (request, context) => (await loadParts()).serve(request, context);

/** Every route is a function of its own name. Zekt checks itself who calls: GitHub's tokens and signatures are no function keys. */
for (const [name, { method, path }] of Object.entries(operations)) {
  app.http(name, {
    methods: method === 'GET' ? ['GET', 'HEAD'] : [method],
    route: path.slice(1),
    authLevel: 'anonymous',
    handler,
  });
}

/** Everything else gets Zekt's own answer, which says what is there. */
app.http('noSuchRoute', {
  methods: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH'],
  route: '{*path}',
  authLevel: 'anonymous',
  handler,
});
