import { Counters, createApp, type Zekt } from '@zekt/api';
import { version } from '@zekt/contracts';
import {
  Pace,
  startWorker,
  systemClock,
  type Bus,
  type DocumentStore,
  type GitHubGateway,
  type Log,
  type WorkerContext,
} from '@zekt/core';
import { openEmbedded } from '@zekt/embedded';
import { fetchWithLimit, isSignedBy, redeliverMissedWebhooks, RestGateway, workflowTokenVerifier } from '@zekt/github';
import type { Settings } from '../settings.ts';
import { keepAdminToken } from './admin-token.ts';
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
 * The whole of Zekt in this process, on one file.
 *
 * @throws DataDirectoryError when another process holds the data directory
 */
export async function startZekt(
  settings: Settings,
  log: Log,
  wrap: (ports: Ports) => Ports = (ports) => ports,
): Promise<RunningZekt> {
  const clock = systemClock;
  const adminToken = settings.adminToken ?? keepAdminToken(settings.dataDir);
  const embedded = openEmbedded(settings.dataDir, clock);
  const gateway = new RestGateway({
    appId: settings.githubAppId,
    privateKey: settings.githubPrivateKey,
    apiUrl: settings.githubApiUrl,
    userAgent: `zekt/${version}`,
    clock,
  });
  const { store, bus, github } = wrap({ store: embedded.store, bus: embedded.bus, github: gateway });
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
    pace: new Pace({ perMinute: settings.dispatchPerMinute, burst: settings.dispatchBurst }),
    retry: { scheduleMs: settings.retryScheduleMs, random: Math.random },
    waits: { completionWaitMs: settings.completionWaitMs, eventOnlyGraceMs: settings.eventOnlyGraceMs },
  };
  const server = await startHttpServer(createApp(zekt), settings.host, settings.port).catch(async (error: unknown) => {
    await embedded.close();
    throw error;
  });
  const worker = startWorker(context);
  const stopReconciling = reconcileRegularly(gateway, settings.reconcileEveryMs, log);
  return {
    url: server.url,
    adminToken,
    async stop() {
      stopReconciling();
      await server.stop(stopGraceMs);
      await Promise.race([worker.stop(), new Promise((resolve) => setTimeout(resolve, stopGraceMs).unref())]);
      await embedded.close();
    },
  };
}

/** At the start, and then every few minutes: GitHub does not send a webhook again by itself. */
function reconcileRegularly(gateway: RestGateway, everyMs: number, log: Log): () => void {
  if (everyMs === 0) return () => undefined;
  let isRunning = false;
  const reconcile = async (): Promise<void> => {
    if (isRunning) return;
    isRunning = true;
    try {
      const count = await redeliverMissedWebhooks(gateway.app, Date.now());
      if (count > 0) log.info({ count }, 'asked GitHub to send missed webhooks again');
    } catch (error) {
      log.warn({ err: error }, 'missed webhooks could not be looked up; trying again later');
    } finally {
      isRunning = false;
    }
  };
  void reconcile();
  const timer = setInterval(() => void reconcile(), everyMs);
  timer.unref();
  return () => clearInterval(timer);
}
