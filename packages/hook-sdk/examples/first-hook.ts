import { createServer } from 'node:http';
import { createHookHandler, forwardError, toNodeListener } from '@zekt/hook-sdk';

const { HOOK_KEY = '', PORT = '8788' } = process.env;

const handler = createHookHandler({
  keys: [HOOK_KEY],
  onRequest: ({ fullMethod, actor, request }) => {
    if (fullMethod !== '/zekt.subscription.v1.SubscriptionService/RevokeSubscription') return undefined;
    if (!request.reason) forwardError(422, 'Say why you revoke it.');
    return { ...request, reason: `${request.reason} (${actor})` };
  },
});

export const server = createServer(toNodeListener(handler)).listen(Number(PORT), '127.0.0.1');
