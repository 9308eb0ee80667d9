import { app } from '@azure/functions';
import { loadParts } from './load-parts.ts';

/** Tells the log what keeps the app from working, every five minutes. */
app.timer('watchHealth', {
  schedule: '50 */5 * * * *',
  handler: async () => {
    const { watch } = await (await loadParts()).openApp();
    await watch.look();
  },
});
