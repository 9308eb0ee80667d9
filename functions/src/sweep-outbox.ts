import { app } from '@azure/functions';
import { loadParts } from './load-parts.ts';

/** The second net below the change feed. */
app.timer('sweepOutbox', {
  schedule: '20 * * * * *',
  handler: async () => {
    const { azure, log } = await (await loadParts()).openApp();
    const count = await azure.outbox.sweep();
    if (count > 0) log.warn({ count }, 'published messages that the change feed had not');
  },
});
