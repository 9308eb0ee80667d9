import { Counters, type Zekt } from '@zekt/api';
import { version } from '@zekt/contracts';
import type { Bus, Clock, DocumentStore, GitHubGateway, Log, Pace, WorkerContext } from '@zekt/core';
import { fetchWithLimit, isSignedBy, RestGateway, workflowTokenVerifier } from '@zekt/github';
import type { Settings } from './settings.ts';

/** What stands between the loop and the outside; tests put themselves in between. */
export interface Ports {
  readonly store: DocumentStore;
  readonly bus: Bus;
  readonly github: GitHubGateway;
}

export interface Parts {
  readonly store: DocumentStore;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly pace: Pace;
  readonly adminToken: string;
  readonly log: Log;
}

export interface Composition {
  /** For the routes. */
  readonly zekt: Zekt;
  /** For the worker. */
  readonly context: WorkerContext;
  readonly gateway: RestGateway;
}

const oidcKeysLimitMs = 5000;

/** Puts Zekt together, the same in every host. */
export function compose(
  settings: Settings,
  { store: ownStore, bus: ownBus, clock, pace, adminToken, log }: Parts,
  wrap: (ports: Ports) => Ports = (ports) => ports,
): Composition {
  const gateway = new RestGateway({
    appId: settings.githubAppId,
    privateKey: settings.githubPrivateKey,
    apiUrl: settings.githubApiUrl,
    userAgent: `zekt/${version}`,
    clock,
  });
  const { store, bus, github } = wrap({ store: ownStore, bus: ownBus, github: gateway });
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
      { clock, fetch: fetchWithLimit(oidcKeysLimitMs) },
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
  return { zekt, context, gateway };
}
