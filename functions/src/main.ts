// The Azure Functions app: importing a file registers its functions.
import { app } from '@azure/functions';
import { closeParts, loadParts } from './load-parts.ts';
import { warmUpLater } from './warm-up.ts';
import './http-routes.ts';
import './correlate.ts';
import './directory.ts';
import './dispatch.ts';
import './track.ts';
import './events.ts';
import './approvals.ts';
import './hooks.ts';
import './notifications.ts';
import './relay-outbox.ts';
import './sweep-outbox.ts';
import './sweep-messages.ts';
import './reconcile-webhooks.ts';
import './watch-health.ts';

const stopWarmingUp = warmUpLater(
  async () => (await loadParts()).warmUp(),
  (ms, callback) => {
    const timer = setTimeout(callback, ms).unref();
    return () => clearTimeout(timer);
  },
);

app.hook.appTerminate(() => {
  stopWarmingUp();
  return closeParts();
});
