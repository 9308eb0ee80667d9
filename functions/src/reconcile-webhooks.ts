import { app } from '@azure/functions';
import { loadParts } from './load-parts.ts';

/** GitHub does not send a webhook again by itself: it is asked for those that failed, every five minutes. */
app.timer('reconcileWebhooks', {
  schedule: '0 */5 * * * *',
  handler: async () => {
    const { reconcile } = await (await loadParts()).openApp();
    await reconcile();
  },
});
