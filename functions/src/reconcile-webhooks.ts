import { app } from '@azure/functions';
import { redeliverMissedWebhooks, type RedeliveryProgress } from '@zekt/github';
import { openApp } from './app.ts';

let progress: RedeliveryProgress | null = null;

/** GitHub does not send a webhook again by itself: it is asked for those that failed, every five minutes and at the start. */
app.timer('reconcileWebhooks', {
  schedule: '0 */5 * * * *',
  runOnStartup: true,
  handler: async () => {
    const { gateway, log } = await openApp();
    const { redelivered: count, through, problem } = await redeliverMissedWebhooks(gateway.app, Date.now(), progress);
    progress = through;
    if (count > 0) log.info({ count }, 'asked GitHub to send missed webhooks again');
    if (problem) log.warn({ err: problem }, 'not all missed webhooks could be looked up; going on later');
  },
});
