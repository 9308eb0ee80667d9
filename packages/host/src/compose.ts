import { Counters, type Zekt } from '@zekt/api';
import {
  approvalsHandler,
  botCaller,
  createChatops,
  entraCaller,
  entraProvider,
  gitHubProvider,
  legacyCaller,
  SigningKeys,
  type Chatops,
  type SigningSecret,
} from '@zekt/chatops';
import { version } from '@zekt/contracts';
import {
  noTelemetry,
  type Bus,
  type Clock,
  type DocumentStore,
  type GitHubGateway,
  type Log,
  type Pace,
  type Secrets,
  type Telemetry,
  type WorkerContext,
} from '@zekt/core';
import { AddressGuard, createTransport, fetchWithLimit, guardedPost } from '@zekt/egress';
import { requestProofs, RestGateway } from '@zekt/github';
import { createNotifications } from '@zekt/notifications';
import { getProxyForUrl } from 'proxy-from-env';
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
  readonly secrets: Secrets;
  /** Of approvals; the current one first. */
  readonly signingSecrets: readonly [SigningSecret, ...SigningSecret[]];
  /** Where people find this server, asked for when it is needed. */
  readonly publicUrl: () => string;
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

/** Puts Zekt together, the same in every host. */
export function compose(
  settings: Settings,
  parts: Parts,
  wrap: (ports: Ports) => Ports = (ports) => ports,
): Composition {
  const { store: ownStore, bus: ownBus, clock, pace, adminToken, secrets, log, telemetry = noTelemetry } = parts;
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
  const count = (name: string): void => counters.count(name);
  const chatops = composeChatops(settings, parts, { store, github }, count);
  const notifications = createNotifications({
    store,
    clock,
    secrets,
    transport: createTransport(settings.egressAllow),
    guard: new AddressGuard(settings.egressAllow),
    proxyFor: getProxyForUrl,
    log,
    count,
    retry: { scheduleMs: settings.notificationRetryMs, random: Math.random },
    dedupeWindowMs: settings.notificationDedupeMs,
  });
  const zekt: Zekt = {
    store,
    bus,
    clock,
    github,
    adminToken,
    secrets,
    chatops,
    notifications,
    log,
    ...requestProofs(settings, clock),
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
    count,
    approvals: approvalsHandler(chatops),
    notifications: notifications.handler,
    tell: notifications.tell,
    pace,
    retry: { scheduleMs: settings.retryScheduleMs, random: Math.random },
    waits: { completionWaitMs: settings.completionWaitMs, eventOnlyGraceMs: settings.eventOnlyGraceMs },
  };
  return { zekt, context, gateway };
}

/** For one request for keys: whoever clicks a card waits for two of them at most, and for GitHub. */
const cardKeysLimitMs = 1500;
/** For one request of a sign-in. */
const signInLimitMs = 10_000;

function composeChatops(
  { chatops, githubApiUrl, egressAllow }: Settings,
  { clock, log, secrets, signingSecrets, publicUrl }: Parts,
  { store, github }: Pick<Ports, 'store' | 'github'>,
  count: (name: string) => void,
): Chatops {
  const forCards = { clock, fetch: fetchWithLimit(cardKeysLimitMs) };
  const fetch = fetchWithLimit(signInLimitMs);
  const { githubUrl, githubClient, entraAuthority: authority, entraTenants, entraClient } = chatops;
  const [firstTenant, ...otherTenants] = entraTenants;
  const { cardAudiences: audiences, cardLegacyIssuer, cardBot } = chatops;
  return createChatops({
    store,
    clock,
    github,
    keys: new SigningKeys(signingSecrets),
    secrets,
    post: guardedPost({ exceptions: egressAllow }),
    publicUrl,
    log,
    count,
    random: Math.random,
    verifiers: [
      ...(audiences.length > 0 ? [entraCaller({ authority, tenants: entraTenants, audiences, ...forCards })] : []),
      ...(cardLegacyIssuer === null ? [] : [legacyCaller({ issuer: cardLegacyIssuer, publicUrl, ...forCards })]),
      ...(cardBot ? [botCaller({ ...cardBot, ...forCards })] : []),
    ],
    providers: [
      ...(githubClient
        ? [
            gitHubProvider({
              url: githubUrl,
              apiUrl: githubApiUrl,
              clientId: githubClient.id,
              clientSecret: githubClient.secret,
              fetch,
            }),
          ]
        : []),
      ...(entraClient && firstTenant !== undefined
        ? [
            entraProvider({
              authority,
              tenants: [firstTenant, ...otherTenants],
              clientId: entraClient.id,
              clientSecret: entraClient.secret,
              clock,
              fetch,
            }),
          ]
        : []),
    ],
  });
}

/** `deliveries.dispatched` is one of `zekt.deliveries`, with that outcome. */
function tellCount(telemetry: Telemetry, name: string): void {
  const [what = '', ...outcome] = name.split('.');
  telemetry.count(`zekt.${what}`, { outcome: outcome.join('.') });
}
