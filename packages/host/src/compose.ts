import { Counters, type Zekt } from '@zekt/api';
import { version } from '@zekt/contracts';
import {
  noTelemetry,
  type Bus,
  type Clock,
  type DocumentStore,
  type GitHubGateway,
  type Log,
  type Pace,
  type Telemetry,
  type WorkerContext,
} from '@zekt/core';
import { fetchWithLimit, isSignedBy, RestGateway, workflowTokenVerifier } from '@zekt/github';
import type { Settings } from './settings.ts';
import { tracedBus, tracedStore } from './telemetry/traced-ports.ts';

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
  readonly telemetry?: Telemetry;
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
  { store: ownStore, bus: ownBus, clock, pace, adminToken, log, telemetry = noTelemetry }: Parts,
  wrap: (ports: Ports) => Ports = (ports) => ports,
): Composition {
  const gateway = new RestGateway({
    appId: settings.githubAppId,
    privateKey: settings.githubPrivateKey,
    apiUrl: settings.githubApiUrl,
    userAgent: `zekt/${version}`,
    clock,
    onRate: (installation, remaining) => telemetry.record('zekt.github.rate_remaining', remaining, { installation }),
  });
  const { store, bus, github } = wrap({
    store: tracedStore(ownStore, telemetry, clock),
    bus: tracedBus(ownBus, telemetry, clock),
    github: gateway,
  });
  const counters = new Counters((name) => tellCount(telemetry, name));
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
    telemetry,
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

/** `deliveries.dispatched` is one of `zekt.deliveries`, with that outcome. */
function tellCount(telemetry: Telemetry, name: string): void {
  const [what = '', ...outcome] = name.split('.');
  telemetry.count(`zekt.${what}`, { outcome: outcome.join('.') });
}
