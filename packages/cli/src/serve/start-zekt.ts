import { startWorker, systemClock, type Log, type Telemetry } from '@zekt/core';
import { redeliverMissedWebhooks, type RestGateway } from '@zekt/github';
import { compose, type Ports, type Settings } from '@zekt/host';
import { listen } from './listen.ts';
import { openBackend } from './open-backend.ts';
import { repeat } from './repeat.ts';

export interface RunningZekt {
  /** Where it listens. */
  readonly url: string;
  readonly adminToken: string;
  /** Takes no new work, finishes what is in hand, closes the store. */
  stop(): Promise<void>;
}

const stopGraceMs = 10_000;

/**
 * The whole of Zekt in this process, on one file or on Azure.
 *
 * @throws DataDirectoryError when another process holds the data directory
 */
export async function startZekt(
  settings: Settings,
  log: Log,
  wrap?: (ports: Ports) => Ports,
  telemetry?: Telemetry,
): Promise<RunningZekt> {
  const clock = systemClock;
  const backend = await openBackend(settings, log, clock);
  const { adminToken } = backend;
  let listeningUrl = '';
  const publicUrl = (): string => settings.publicUrl ?? listeningUrl;
  const { zekt, context, gateway } = compose(
    settings,
    { ...backend, publicUrl, clock, log, ...(telemetry && { telemetry }) },
    wrap,
  );
  const server = await listen(zekt, settings).catch(async (error: unknown) => {
    await backend.close();
    throw error;
  });
  listeningUrl = server.url;
  const worker = startWorker(context);
  const stopReconciling = reconcileRegularly(gateway, settings.reconcileEveryMs, log);
  return {
    url: server.url,
    adminToken,
    async stop() {
      void stopReconciling();
      await server.stop(stopGraceMs);
      await Promise.race([worker.stop(), new Promise((resolve) => setTimeout(resolve, stopGraceMs).unref())]);
      await backend.close();
    },
  };
}

/** GitHub does not send a webhook again by itself. */
function reconcileRegularly(gateway: RestGateway, everyMs: number, log: Log): () => Promise<void> {
  if (everyMs === 0) return async () => undefined;
  const reconcile = async (): Promise<void> => {
    const count = await redeliverMissedWebhooks(gateway.app, Date.now());
    if (count > 0) log.info({ count }, 'asked GitHub to send missed webhooks again');
  };
  return repeat(reconcile, everyMs, (error) =>
    log.warn({ err: error }, 'missed webhooks could not be looked up; trying again later'),
  );
}
