// Probot, the framework for GitHub Apps. It stores nothing.
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createNodeMiddleware, createProbot } from 'probot';

const privateKey = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs1', format: 'pem' })
  .toString();
let seen = 0;
const probot = createProbot({
  overrides: { appId: 1, privateKey, secret: process.env.WEBHOOK_SECRET ?? '', logLevel: 'fatal' },
});
const middleware = await createNodeMiddleware(
  (app) => {
    app.onAny(() => {
      seen += 1;
    });
  },
  { probot, webhooksPath: '/api/github/webhooks' },
);
const server = createServer((request, response) => void middleware(request, response));
server.listen(0, '127.0.0.1', () =>
  console.log(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`),
);
process.on('SIGTERM', () => process.exit(seen >= 0 ? 0 : 1));
