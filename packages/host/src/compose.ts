import { randomUUID } from 'node:crypto';
import { Cursors, type Zekt } from '@zekt/api';
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
  Cards,
  Counters,
  FairPace,
  getPace,
  KeptBytes,
  noTelemetry,
  OpaqueIds,
  Order,
  RecentRuns,
  ReceiveLimits,
  sweepMessages,
  type Bus,
  type Clock,
  type DocumentStore,
  type GitHubGateway,
  type Log,
  type Secrets,
  type Telemetry,
  type WorkerContext,
} from '@zekt/core';
import { AddressGuard, createTransport, fetchWithLimit, guardedPost } from '@zekt/egress';
import { requestProofs, RestGateway } from '@zekt/github';
import { createNotifications } from '@zekt/notifications';
import { getProxyForUrl } from 'proxy-from-env';
import { reconcileWebhooks } from './reconcile-webhooks.ts';
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
  /** Of opaque ids: see `keepServerKey`. */
  readonly serverKey: Uint8Array;
  /** How long a provider's card is remembered (ms); 0 where reading costs nothing. */
  readonly rememberCardsMs: number;
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
  /** Writes what this process has counted; every minute, and at the end. */
  readonly flush: () => Promise<void>;
  /** Asks GitHub to send webhooks again that never got an answer, going on where the last call ended. */
  readonly reconcile: () => Promise<void>;
  /** Looks for messages that wait for too long: see `sweepMessages`. By one process at a time is enough. */
  readonly sweep: () => Promise<number>;
}

/** Puts Zekt together, the same in every host. */
export function compose(
  settings: Settings,
  parts: Parts,
  wrap: (ports: Ports) => Ports = (ports) => ports,
): Composition {
  const { store: ownStore, bus: ownBus, clock, adminToken, secrets, log, telemetry = noTelemetry } = parts;
  const [issuer] = settings.oidcIssuers;
  const gateway = new RestGateway({
    appId: settings.githubAppId,
    privateKey: settings.githubPrivateKey,
    apiUrl: settings.githubApiUrl,
    userAgent: `zekt/${version}`,
    clock,
    onRate: (installation, remaining) => telemetry.record('zekt.github.rate_remaining', remaining, { installation }),
  });
  const {
    store: wrapped,
    bus,
    github,
  } = wrap({
    store: tracedStore(ownStore, telemetry, clock),
    bus: tracedBus(ownBus, telemetry, clock),
    github: gateway,
  });
  const cards = new Cards(wrapped, parts.rememberCardsMs, () => clock.now());
  const store = cards.watched(wrapped);
  const ids = new OpaqueIds(parts.serverKey);
  const counters = new Counters(
    randomUUID(),
    () => clock.now(),
    (name) => tellCount(telemetry, name),
  );
  const count = (name: string): void => counters.count(name);
  const chatops = composeChatops(settings, parts, { store, github }, count);
  const notifications = createNotifications({
    store,
    issuer,
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
  const kept = new KeptBytes(store);
  const limits = { messagesPerHour: settings.messagesPerHour, keptBytesPerAccount: settings.keptBytesPerAccount };
  const { listeners } = notifications;
  const shared = { store, bus, clock, github, cards, ids, listeners, issuer, log, count };
  const zekt: Zekt = {
    ...shared,
    limits: new ReceiveLimits(limits, kept, count),
    order: new Order(),
    cursors: new Cursors(ids.derive('cursor')),
    adminToken,
    secrets,
    chatops,
    notifications,
    ...requestProofs(settings, clock),
    counters,
    telemetry,
  };
  const pace = { perMinute: settings.dispatchPerMinute, burst: settings.dispatchBurst };
  const context: WorkerContext = {
    ...shared,
    approvals: approvalsHandler(chatops),
    notifications: notifications.handler,
    recent: new RecentRuns(store),
    pace: new FairPace(pace, (installationId) => getPace(store, installationId)),
    retry: { scheduleMs: settings.retryScheduleMs, random: Math.random },
    waits: { completionWaitMs: settings.completionWaitMs, eventOnlyGraceMs: settings.eventOnlyGraceMs },
  };
  return {
    zekt,
    context,
    async flush() {
      await kept.flush(clock.now());
      await counters.flush(store);
    },
    reconcile: () => reconcileWebhooks(gateway, store, log, clock.now()),
    sweep: () => sweepMessages({ ...shared, completionWaitMs: settings.completionWaitMs }, clock.now()),
  };
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
