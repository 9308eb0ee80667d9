import { Counters, createApp, type Zekt } from '@zekt/api';
import { version } from '@zekt/contracts';
import {
  startWorker,
  systemClock,
  type Bus,
  type DocumentStore,
  type GitHubGateway,
  type Log,
  type WorkerContext,
} from '@zekt/core';
import { fetchWithLimit, isSignedBy, redeliverMissedWebhooks, RestGateway, workflowTokenVerifier } from '@zekt/github';
import type { Settings } from '../settings.ts';
import { openBackend } from './open-backend.ts';
import { repeat } from './repeat.ts';
import { startHttpServer } from './start-http-server.ts';

export interface RunningZekt {
  /** Where it listens. */
  readonly url: string;
  readonly adminToken: string;
  /** Takes no new work, finishes what is in hand, closes the store. */
  stop(): Promise<void>;
}

/** What stands between the loop and the outside; tests put themselves in between. */
export interface Ports {
  readonly store: DocumentStore;
  readonly bus: Bus;
  readonly github: GitHubGateway;
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
  wrap: (ports: Ports) => Ports = (ports) => ports,
): Promise<RunningZekt> {
  const clock = systemClock;
  const backend = await openBackend(settings, log, clock);
  const { adminToken, pace } = backend;
  const gateway = new RestGateway({
    appId: settings.githubAppId,
    privateKey: settings.githubPrivateKey,
    apiUrl: settings.githubApiUrl,
    userAgent: `zekt/${version}`,
    clock,
  });
  const { store, bus, github } = wrap({ store: backend.store, bus: backend.bus, github: gateway });
  const counters = new Counters();
  const zekt: Zekt = {
    store,
    bus,
    clock,
    github,
    adminToken,
    log,
    verifyWorkflowToken: workflowTokenVerifier(
      { issuers: settings.oidcIssuers, audience: settings.oidcAudience },
      { clock, fetch: fetchWithLimit(5000) },
    ),
    isSignedWebhook: (body, signature) => isSignedBy(settings.webhookSecrets, body, signature),
    defaultIssuer: settings.oidcIssuers[0],
    counters,
  };
  const context: WorkerContext = {
    store,
    bus,
    clock,
    github,
    log,
    count: (name) => counters.count(name),
    pace,
    retry: { scheduleMs: settings.retryScheduleMs, random: Math.random },
    waits: { completionWaitMs: settings.completionWaitMs, eventOnlyGraceMs: settings.eventOnlyGraceMs },
  };
  const server = await startHttpServer(createApp(zekt), settings.host, settings.port).catch(async (error: unknown) => {
    await backend.close();
    throw error;
  });
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
