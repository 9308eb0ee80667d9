import { app } from '@azure/functions';
import { redeliverMissedWebhooks } from '@zekt/github';
import { openApp } from './app.ts';

/** GitHub does not send a webhook again by itself: it is asked for those that failed, every five minutes and at the start. */
app.timer('reconcileWebhooks', {
  schedule: '0 */5 * * * *',
  runOnStartup: true,
  handler: async () => {
    const { gateway, log } = await openApp();
    const count = await redeliverMissedWebhooks(gateway.app, Date.now());
    if (count > 0) log.info({ count }, 'asked GitHub to send missed webhooks again');
  },
});
