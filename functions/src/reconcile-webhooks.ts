import { app } from '@azure/functions';
import { loadParts } from './load-parts.ts';
import { timerSchedule } from './timer-schedule.ts';

/** GitHub does not send a webhook again by itself: it is asked for those that failed, every so often. */
app.timer('reconcileWebhooks', {
  schedule: timerSchedule(process.env.ZEKT_RECONCILE_EVERY, 5),
  handler: async () => {
    const { reconcile } = await (await loadParts()).openApp();
    await reconcile();
  },
});
