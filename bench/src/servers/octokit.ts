// GitHub's own webhook middleware. It stores nothing.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createNodeMiddleware, Webhooks } from '@octokit/webhooks';

const webhooks = new Webhooks({ secret: process.env.WEBHOOK_SECRET ?? '' });
let seen = 0;
webhooks.onAny(() => {
  seen += 1;
});
const server = createServer(
  createNodeMiddleware(webhooks, { path: '/api/github/webhooks' }) as Parameters<typeof createServer>[1],
);
server.listen(0, '127.0.0.1', () =>
  console.log(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`),
);
process.on('SIGTERM', () => process.exit(seen >= 0 ? 0 : 1));
