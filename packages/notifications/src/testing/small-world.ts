import type { AlertSpec, NotificationEvent, ProviderSpec } from '@zekt/contracts';
import { commitDecided, readTimeline, silentLog, type Bus, type DocumentStore, type Secrets } from '@zekt/core';
import { busOn, crashing, crashingInSteps, Crashes, ManualClock, StaleReads, type Crash } from '@zekt/core/testing';
import { AddressGuard, readExceptions, type Answer, type OutgoingRequest } from '@zekt/egress';
import { openEmbedded, type Embedded } from '@zekt/embedded';
import { createNotifications, type Notifications } from '../create-notifications.ts';
import { getNotification } from '../delivery/notification-document.ts';
import { notificationTimeline } from '../keys.ts';

/** Notifications on a store in memory, with time that stands still, and destinations that are functions. For tests. */
export interface SmallWorld {
  readonly clock: ManualClock;
  readonly store: DocumentStore;
  readonly bus: Bus;
  readonly notifications: Notifications;
  readonly put: (name: string, provider: Partial<ProviderSpec>, alert?: Partial<AlertSpec>) => Promise<void>;
  /** @param key of the request. Default: each is one of its own */
  readonly raise: (name: string, changes?: object, key?: string) => Promise<void>;
  /** Lets everything happen that can happen now. */
  readonly settle: () => Promise<void>;
  readonly advance: (ms: number) => Promise<void>;
  /** Of all notifications, newest first. */
  readonly ids: () => Promise<string[]>;
  readonly states: () => Promise<string[]>;
  readonly stopWorker: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

export interface SmallWorldOptions {
  readonly answer: (request: OutgoingRequest) => Promise<Answer>;
  readonly crashes?: readonly Crash[];
  /** Batches, messages and settlement one after the other, as on Azure. @default one transaction, as in one file */
  readonly inSteps?: boolean;
  /** Whoever takes events and whoever sends are clients of their own, which may see what was there before. @default they see what is there */
  readonly isStale?: () => boolean;
  readonly random?: () => number;
  /** @default one in memory, and its clock */
  readonly embedded?: Embedded;
  readonly clock?: ManualClock;
}

const retryMs = [2000, 10_000, 60_000, 300_000, 900_000, 3_600_000, 3_600_000, 3_600_000, 3_600_000];
/** Everybody sees what was written this long ago. */
const lagMs = 5000;
const noSecrets: Secrets = {
  get: async () => null,
  set: async () => undefined,
  remove: async () => undefined,
  names: async () => [],
};

/** Of the GitHub that domain events come from. */
export const smallWorldIssuer = 'https://token.actions.example';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const turns = 25;

export const ok: Answer = { status: 200, headers: {}, text: '' };

/** What a destination was told. */
export const messageOf = ({ body }: Pick<OutgoingRequest, 'body'>): string =>
  (JSON.parse(String(body)) as { message: string }).message;

export function openSmallWorld({
  answer,
  crashes = [],
  inSteps = false,
  isStale,
  random = () => 0.5,
  clock = new ManualClock(),
  embedded = openEmbedded(':memory:', clock),
}: SmallWorldOptions): SmallWorld {
  const wrap = inSteps ? crashingInSteps : crashing;
  const { store, bus } = wrap(embedded.store, embedded.bus, new Crashes(crashes));
  const notificationsOn = (own: DocumentStore): Notifications => {
    const exceptions = readExceptions([]);
    return createNotifications({
      store: own,
      issuer: smallWorldIssuer,
      clock,
      secrets: noSecrets,
      transport: (request) => answer(request),
      guard: new AddressGuard(exceptions),
      proxyFor: () => '',
      log: silentLog,
      count: () => undefined,
      retry: { scheduleMs: retryMs, random },
      dedupeWindowMs: 300_000,
    });
  };
  const stale = isStale && new StaleReads(store, { isStale, now: () => clock.now(), lagMs });
  const [takers, senders] = stale ? [stale.client('takers'), stale.client('senders')] : [store, store];
  const notifications = notificationsOn(takers);
  const sending = stale ? notificationsOn(senders) : notifications;
  const takersBus = stale ? busOn(takers, bus) : bus;
  const worker = (stale ? busOn(senders, bus) : bus).consume('notifications', sending.handler, { sessions: 32 });
  const settle = async (): Promise<void> => {
    for (let count = 0; count < turns; count += 1) await turn();
  };
  const ids = async (): Promise<string[]> => {
    const paging = { limit: 100 };
    const page = await readTimeline<{ id: string }>(embedded.store, notificationTimeline, clock.now(), paging);
    return page.items.map(({ id }) => id);
  };
  let requests = 0;
  // What is put there was there before: it does not crash.
  const context = { store: embedded.store, github: null as never, issuer: smallWorldIssuer, nowMs: 0, dryRun: false };
  return {
    clock,
    store: embedded.store,
    bus: embedded.bus,
    notifications,
    async put(name, provider, alert) {
      const [apiVersion, metadata] = ['zekt.dev/v1', { name }] as const;
      await notifications.putProvider(context, {
        apiVersion,
        kind: 'Provider',
        metadata,
        spec: { type: 'generic', address: `https://${name}.example/hook`, ...provider },
      });
      const spec: AlertSpec = { providerRef: { name }, eventSources: [{ kind: '*', name: '*' }], ...alert };
      await notifications.putAlert(context, { apiVersion, kind: 'Alert', metadata, spec });
    },
    async raise(message, changes = {}, key) {
      const event: NotificationEvent = {
        involvedObject: { kind: 'Kustomization', namespace: 'apps', name: 'web', apiVersion: 'k/v1' },
        severity: 'info',
        timestamp: new Date(clock.now()).toISOString(),
        message,
        reason: 'Reason',
        ...changes,
      };
      requests += 1;
      const request = String(requests);
      await commitDecided(takersBus, () => notifications.take(event, key ?? request));
    },
    settle,
    async advance(ms) {
      clock.advance(ms);
      await settle();
    },
    ids,
    async states() {
      const found = await Promise.all((await ids()).map((id) => getNotification(embedded.store, id)));
      return found.map((it) => it?.state ?? 'missing').sort();
    },
    stopWorker: () => worker.stop(),
    async stop() {
      await worker.stop();
      await embedded.close();
    },
  };
}
