import { startWorker, sweepEveryMs, systemClock, type Log, type Telemetry } from '@zekt/core';
import { compose, flushEveryMs, repeat, type Ports, type Settings } from '@zekt/host';
import { listen } from './listen.ts';
import { openBackend } from './open-backend.ts';
import { noteServerUrls } from './server-urls.ts';

export interface RunningZekt {
  /** Where it listens. */
  readonly url: string;
  readonly adminToken: string;
  /**
   * Takes no new work, finishes what is in hand, closes the store.
   *
   * @param quietMs how long it waits for requests that are on their way on open connections: see `HttpServer`
   */
  stop(quietMs?: number): Promise<void>;
}

/** In this process. */
export interface ServingZekt extends RunningZekt {
  /** Resolves when the store can't go on, so that only a new start helps. */
  readonly lost: Promise<Error>;
}

const stopGraceMs = 10_000;

/**
 * The whole of Zekt in this process, on one file or on Azure.
 *
 * @throws DataDirectoryError when the data directory can't be used; Error when nobody can listen there
 */
export async function startZekt(
  settings: Settings,
  log: Log,
  wrap?: (ports: Ports) => Ports,
  telemetry?: Telemetry,
): Promise<ServingZekt> {
  const clock = systemClock;
  const backend = await openBackend(settings, log, clock);
  const { adminToken } = backend;
  let listeningUrl = '';
  const publicUrl = (): string => settings.publicUrl ?? listeningUrl;
  const { zekt, context, flush, watch, reconcile, sweep } = compose(
    settings,
    { ...backend, publicUrl, clock, log, ...(telemetry && { telemetry }) },
    wrap,
  );
  const server = await listen(zekt, settings).catch(async (error: unknown) => {
    await backend.close();
    throw error;
  });
  listeningUrl = server.url;
  if (!settings.azure) noteServerUrls(settings.dataDir, [listeningUrl, publicUrl()]);
  const worker = startWorker(context);
  const failed = (what: string) => (error: unknown) => log.warn({ err: error }, `${what} failed; trying again later`);
  const { reconcileEveryMs, doctorEveryMs } = settings;
  const stopReconciling =
    reconcileEveryMs === 0
      ? null
      : repeat(() => reconcile().then(() => undefined), reconcileEveryMs, failed('the look for missed webhooks'));
  const stopFlushing = repeat(flush, flushEveryMs, failed('writing down what was counted'));
  const stopWatching =
    doctorEveryMs === 0 ? null : repeat(() => watch.look(), doctorEveryMs, failed("the doctor's look at the server"));
  const sweepOnce = async (): Promise<void> => {
    const hints = await sweep();
    if (hints > 0) log.info({ hints }, 'messages that had waited for too long were looked at again');
  };
  const stopSweeping = repeat(sweepOnce, sweepEveryMs(settings.completionWaitMs), failed('the sweep of messages'));
  return {
    url: server.url,
    adminToken,
    lost: backend.lost ?? new Promise(() => undefined),
    async stop(quietMs = 0) {
      watch.stop();
      void stopReconciling?.();
      void stopWatching?.();
      await Promise.all([stopSweeping(), stopFlushing()]);
      await server.stop(stopGraceMs, quietMs);
      await Promise.race([worker.stop(), new Promise((resolve) => setTimeout(resolve, stopGraceMs).unref())]);
      await flush().catch(failed('writing down what was counted'));
      await backend.close();
    },
  };
}
