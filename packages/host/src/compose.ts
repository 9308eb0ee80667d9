import { randomUUID } from 'node:crypto';
import { BodyBudget, Cursors, StoreProbe, type Zekt } from '@zekt/api';
import { approvalsHandler } from '@zekt/chatops';
import { version } from '@zekt/contracts';
import {
  Cards,
  Counters,
  DoctorWatch,
  FairPace,
  FairUse,
  getPace,
  joinListeners,
  KeptBytes,
  noTelemetry,
  Notices,
  OpaqueIds,
  Order,
  RecentRuns,
  ReceiveLimits,
  sweepMessages,
  tellLatency,
  type Telemetry,
  type WorkerContext,
} from '@zekt/core';
import { AddressGuard, createTransport } from '@zekt/egress';
import { explainingGateway, requestProofs, RestApp, RestGateway, type OnTrouble } from '@zekt/github';
import { createNotifications } from '@zekt/notifications';
import { getProxyForUrl } from 'proxy-from-env';
import { composeChatops } from './compose-chatops.ts';
import { composeDoctor } from './compose-doctor.ts';
import { composeHooks } from './compose-hooks.ts';
import { noticingBus, noticingStore } from './doctor/storage-trouble.ts';
import type { Composition, Parts, Ports } from './parts.ts';
import { reconcileWebhooks } from './reconcile-webhooks.ts';
import type { Settings } from './settings.ts';
import { tracedBus, tracedStore } from './telemetry/traced-ports.ts';

/** Puts Zekt together, the same in every host. */
export function compose(
  settings: Settings,
  parts: Parts,
  wrap: (ports: Ports) => Ports = (ports) => ports,
): Composition {
  const { store: ownStore, bus: ownBus, clock, adminToken, secrets, log, telemetry = noTelemetry } = parts;
  const [issuer] = settings.oidcIssuers;
  const notices = new Notices(clock, log);
  const onTrouble: OnTrouble = ({ code, message }) =>
    notices.note(code, {
      sentence: message,
      fix: 'zekt doctor says what is wrong with the App and the way to GitHub.',
    });
  const gateway = new RestGateway({
    appId: settings.githubAppId,
    privateKey: settings.githubPrivateKey,
    apiUrl: settings.githubApiUrl,
    userAgent: `zekt/${version}`,
    clock,
    onRate: (installation, remaining) => telemetry.record('zekt.github.rate_remaining', remaining, { installation }),
  });
  const ports = wrap({
    store: tracedStore(ownStore, telemetry, clock),
    bus: tracedBus(ownBus, telemetry, clock),
    github: explainingGateway(gateway, clock, onTrouble),
  });
  const { github } = ports;
  const bus = noticingBus(ports.bus, notices);
  const wrapped = noticingStore(ports.store, notices);
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
  const app = new RestApp(gateway.app, clock, onTrouble);
  const hooks = composeHooks(settings, parts, { store, app, key: ids.derive('hooks'), count });
  const listeners = joinListeners(notifications.listeners, hooks.listeners);
  const shared = { store, bus, clock, github, cards, ids, listeners, issuer, log, count };
  const probe = new StoreProbe(store, bus, clock, log);
  const doctor = composeDoctor(settings, parts, { store, probe, github, app, counters });
  const zekt: Zekt = {
    ...shared,
    limits: new ReceiveLimits(limits, kept, count),
    fairUse: new FairUse(),
    order: new Order(),
    confirmWithinMs: settings.confirmWithinMs,
    cursors: new Cursors(ids.derive('cursor')),
    bodies: new BodyBudget(clock),
    adminTokens: settings.previousAdminToken === null ? [adminToken] : [adminToken, settings.previousAdminToken],
    secrets,
    chatops,
    notifications,
    hooks,
    ...requestProofs(settings, parts.publicUrl, clock),
    counters,
    notices,
    redeliverWebhooks: (wanted) => app.redeliverWebhooks(wanted),
    doctor,
    probe,
    telemetry,
  };
  const pace = { perMinute: settings.dispatchPerMinute, burst: settings.dispatchBurst };
  const context: WorkerContext = {
    ...shared,
    approvals: approvalsHandler(chatops),
    notifications: notifications.handler,
    hooks: hooks.handler,
    recent: new RecentRuns(store),
    onDispatched: (tookMs) => tellLatency(telemetry, 'dispatch', tookMs),
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
    watch: new DoctorWatch(doctor, clock, log),
    reconcile: () => reconcileWebhooks(gateway, { store, log, telemetry }, clock.now()),
    async sweep() {
      const hints = await sweepMessages({ ...shared, completionWaitMs: settings.completionWaitMs }, clock.now());
      telemetry.record('zekt.sweeps', hints, { sweep: 'messages' });
      return hints;
    },
  };
}

/** `deliveries.dispatched` is one of `zekt.deliveries`, with that outcome. */
function tellCount(telemetry: Telemetry, name: string): void {
  const [what = '', ...outcome] = name.split('.');
  telemetry.count(`zekt.${what}`, { outcome: outcome.join('.') });
}
