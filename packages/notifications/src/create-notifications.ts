import type {
  AlertResource,
  NotificationAlert,
  NotificationEvent as ReceivedEvent,
  NotificationProvider,
  ProviderResource,
  SecretResource,
} from '@zekt/contracts';
import type { Applied, Handler, Listeners, Page, PutContext } from '@zekt/core';
import { listAlerts, putAlert, removeAlert } from './alerts/alert-document.ts';
import { AlertList } from './alerts/alert-list.ts';
import { alertListeners } from './alerts/listeners.ts';
import { Destinations } from './delivery/destinations.ts';
import { notificationsHandler } from './delivery/handle-notification.ts';
import type { NotificationsContext } from './delivery/notifications-context.ts';
import { raiseEvent, type Raising } from './delivery/raise-event.ts';
import { identityOfRequest, readEvent } from './event/read-event.ts';
import { presentAlert, presentProvider } from './present.ts';
import {
  allProviders,
  getProvider,
  listProviders,
  putProvider,
  removeProvider,
  secretsOf,
} from './resources/provider-document.ts';
import { keyOf, type ObjectKey } from './resources/object-key.ts';
import { getProviderState } from './resources/provider-state.ts';
import { putSecret } from './resources/secret-values.ts';
import { RememberedByProvider } from './sending/remembered.ts';
import { resolveProvider } from './sending/resolve-config.ts';

export type NotificationsOptions = Omit<NotificationsContext, 'alerts' | 'destinations' | 'remembered'>;

/** Everything that telling people and systems needs. */
export interface Notifications extends NotificationsContext {
  /** Of the queue `notifications`. */
  readonly handler: Handler;
  /** Tells of domain events whoever has an alert for them. Repeating it tells nobody twice. */
  readonly listeners: Listeners;
  /**
   * What follows from an event of another system: for `commitDecided`. The same request again leads to the same notifications.
   *
   * @throws ZektError `idempotency_key_reused` when the request was another event
   */
  readonly take: (event: ReceivedEvent, request: string) => Promise<Raising>;
  readonly putProvider: (context: PutContext, resource: ProviderResource) => Promise<Applied<object>>;
  readonly putAlert: (context: PutContext, resource: AlertResource) => Promise<Applied<object>>;
  readonly putSecret: (context: PutContext, resource: SecretResource) => Promise<Applied<object>>;
  /** `namespace/name` of the Secrets that these providers, or those that are stored, refer to. */
  readonly wantedSecrets: (providers: readonly ProviderResource[]) => Promise<ReadonlySet<string>>;
  readonly removeProvider: (key: ObjectKey) => Promise<void>;
  readonly removeAlert: (key: ObjectKey) => Promise<void>;
  readonly listProviders: (after: string | undefined, limit: number) => Promise<Page<NotificationProvider>>;
  readonly listAlerts: (after: string | undefined, limit: number) => Promise<Page<NotificationAlert>>;
}

export function createNotifications(options: NotificationsOptions): Notifications {
  const { store, clock, secrets } = options;
  const context: NotificationsContext = {
    ...options,
    alerts: new AlertList(store, clock),
    destinations: new Destinations(store, clock),
    remembered: new RememberedByProvider(clock),
  };
  return {
    ...context,
    handler: notificationsHandler(context),
    listeners: alertListeners(context, (event, eventId) => raiseEvent(context, event, { id: eventId })),
    take(received, request) {
      const event = readEvent(received);
      return raiseEvent(context, event, identityOfRequest(request, event));
    },
    async putProvider(put, resource) {
      const applied = await putProvider(put, resource);
      if (applied.action !== 'unchanged') context.destinations.forget(keyOf(resource.metadata));
      return applied;
    },
    async putAlert(put, resource) {
      const applied = await putAlert(put, resource);
      context.alerts.forget();
      return applied;
    },
    putSecret: (put, resource) => putSecret(secrets, put, resource),
    async wantedSecrets(providers) {
      const stored = await allProviders(store);
      return new Set(
        [...providers.map(({ metadata, spec }) => ({ ...keyOf(metadata), spec })), ...stored].flatMap(secretsOf),
      );
    },
    async removeProvider(key) {
      await removeProvider(store, key);
      context.destinations.forget(key);
    },
    async removeAlert(key) {
      await removeAlert(store, key);
      context.alerts.forget();
    },
    async listProviders(after, limit) {
      const page = await listProviders(store, after, limit);
      const items = await Promise.all(
        page.items.map(async (provider) => {
          const state = await getProviderState(store, provider);
          const resolved = await resolveProvider(
            { ...context, remembered: (it) => context.remembered.of(it) },
            provider,
          );
          return presentProvider(provider, state, 'problems' in resolved ? resolved.problems : [], clock.now());
        }),
      );
      return { items, next: page.next };
    },
    async listAlerts(after, limit) {
      const page = await listAlerts(store, after, limit);
      const items = await Promise.all(
        page.items.map(async (alert) => {
          const provider = { namespace: alert.namespace, name: alert.spec.providerRef.name };
          return presentAlert(alert, (await getProvider(store, provider)) !== null);
        }),
      );
      return { items, next: page.next };
    },
  };
}
