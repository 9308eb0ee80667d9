import { createApp } from '@zekt/api';
import { openAzure } from '@zekt/azure';
import {
  handlers,
  keepServerKey,
  noTelemetry,
  queues,
  systemClock,
  type DoctorWatch,
  type Handler,
  type Log,
  type QueueName,
  type Telemetry,
} from '@zekt/core';
import {
  compose,
  createLog,
  flushEveryMs,
  readSettings,
  rememberCardsMs,
  repeat,
  startTelemetry,
  tracedHandler,
} from '@zekt/host';
import { closeInTime, terminationMs, waitAtMost } from './close-in-time.ts';
import { hostLines } from './invocation-log.ts';

/** What the functions do, put together from the app's settings. */
export interface FunctionsApp {
  readonly log: Log;
  readonly telemetry: Telemetry;
  readonly answer: (request: Request) => Response | Promise<Response>;
  readonly handlers: Readonly<Record<QueueName, Handler>>;
  readonly azure: Awaited<ReturnType<typeof openAzure>>;
  /** See `Composition`. */
  readonly watch: DoctorWatch;
  readonly reconcile: () => Promise<boolean>;
  readonly sweep: () => Promise<number>;
  close(): Promise<void>;
}

/** Opens the app when it is first asked for. */
export interface AppOpener {
  openApp(): Promise<FunctionsApp>;
  closeApp(): Promise<void>;
}

/** Opened by the first function that runs, not at the start: the host must learn of the functions even when a setting is wrong. */
export function appOpener(): AppOpener {
  let opening: Promise<FunctionsApp> | null = null;
  return {
    openApp() {
      opening ??= open().catch((error: unknown) => {
        // The next one tries again: a Key Vault reference may not have been resolved yet.
        opening = null;
        throw error;
      });
      return opening;
    },
    async closeApp() {
      const closing = opening?.then((app) => app.close()) ?? Promise.resolve();
      await waitAtMost(terminationMs, closing, systemClock);
    },
  };
}

async function open(): Promise<FunctionsApp> {
  const settings = readSettings(process.env, 'azure');
  const running = await startTelemetry(settings.telemetry);
  const telemetry = running?.telemetry ?? noTelemetry;
  // Both ways would be each line twice: the host sends what it logs to Application Insights, too.
  const log = createLog(settings.logLevel, running?.logLines ?? hostLines());
  const azure = await openAzure(settings.azure, log);
  const { zekt, context, flush, watch, reconcile, sweep } = compose(settings, {
    ...azure,
    clock: systemClock,
    serverKey: await keepServerKey(azure.store),
    rememberCardsMs,
    adminToken: settings.adminToken,
    signingSecrets: settings.chatops.signingSecrets,
    publicUrl: () => settings.publicUrl,
    log,
    telemetry,
  });
  const own = handlers(context);
  const traced = Object.fromEntries(
    queues.map((queue) => [queue, tracedHandler(queue, own[queue], telemetry, systemClock)]),
  ) as Record<QueueName, Handler>;
  // Each instance counts for itself, so each writes down its own.
  const stopFlushing = repeat(flush, flushEveryMs, (error) =>
    log.warn({ err: error }, 'writing down what was counted failed; trying again later'),
  );
  return {
    log,
    telemetry,
    answer: createApp(zekt),
    handlers: traced,
    azure,
    watch,
    reconcile: settings.reconcileEveryMs === 0 ? async () => true : reconcile,
    sweep,
    close: () =>
      closeInTime(
        {
          writeDown: () => stopFlushing().then(flush),
          close: [() => azure.close(), async () => running?.shutdown()],
        },
        systemClock,
      ),
  };
}
