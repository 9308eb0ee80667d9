import { createApp } from '@zekt/api';
import { openAzure } from '@zekt/azure';
import { handlers, StoredPace, systemClock, type Handler, type Log, type QueueName } from '@zekt/core';
import { compose, createLog, readSettings } from '@zekt/host';

/** What the functions do, put together from the app's settings. */
export interface FunctionsApp {
  readonly log: Log;
  readonly answer: (request: Request) => Response | Promise<Response>;
  readonly handlers: Readonly<Record<QueueName, Handler>>;
  readonly azure: Awaited<ReturnType<typeof openAzure>>;
  readonly gateway: ReturnType<typeof compose>['gateway'];
}

let opening: Promise<FunctionsApp> | null = null;

/** Opened by the first function that runs, not by the module: the host must learn of the functions even when a setting is wrong. */
export function openApp(): Promise<FunctionsApp> {
  opening ??= open().catch((error: unknown) => {
    // The next one tries again: a Key Vault reference may not have been resolved yet.
    opening = null;
    throw error;
  });
  return opening;
}

export async function closeApp(): Promise<void> {
  await (await opening)?.azure.close();
}

async function open(): Promise<FunctionsApp> {
  const settings = readSettings(process.env, 'azure');
  const log = createLog(settings.logLevel);
  const azure = await openAzure(settings.azure, log);
  const limits = { perMinute: settings.dispatchPerMinute, burst: settings.dispatchBurst };
  const { zekt, context, gateway } = compose(settings, {
    ...azure,
    clock: systemClock,
    pace: new StoredPace(limits, azure.store),
    adminToken: settings.adminToken,
    log,
  });
  return { log, answer: createApp(zekt), handlers: handlers(context), azure, gateway };
}
