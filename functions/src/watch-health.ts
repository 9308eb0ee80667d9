import { app } from '@azure/functions';
import { openApp } from './app.ts';

/** Tells the log what keeps the app from working, every five minutes. */
app.timer('watchHealth', {
  schedule: '50 */5 * * * *',
  handler: async () => {
    const { watch } = await openApp();
    await watch.look();
  },
});
