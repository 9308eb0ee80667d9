import { app } from '@azure/functions';
import { loadParts } from './load-parts.ts';

/** Messages that wait for a completion that does not come, or that a decision has missed. */
app.timer('sweepMessages', {
  schedule: '40 */5 * * * *',
  handler: async () => {
    const { sweep, log } = await (await loadParts()).openApp();
    const hints = await sweep();
    if (hints > 0) log.info({ hints }, 'messages that had waited for too long were looked at again');
  },
});
