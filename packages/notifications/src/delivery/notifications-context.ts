import type { Clock, Count, DocumentStore, Log, Notices, RetryPolicy, Secrets } from '@zekt/core';
import type { AddressGuard, Transport } from '@zekt/egress';
import type { AlertList } from '../alerts/alert-list.ts';
import type { RememberedByProvider } from '../sending/remembered.ts';
import type { Destinations } from './destinations.ts';

/** What notifications need from the outside. */
export interface NotificationsContext {
  readonly store: DocumentStore;
  /** Of the App's GitHub: what ids in domain events mean. */
  readonly issuer: string;
  readonly clock: Clock;
  readonly secrets: Secrets;
  readonly transport: Transport;
  readonly guard: AddressGuard;
  /** The proxy that the environment names for a URL; empty: none. */
  readonly proxyFor: (url: string) => string;
  readonly log: Log;
  /** Told of each try that failed. */
  readonly notices: Pick<Notices, 'note'>;
  readonly count: Count;
  readonly retry: RetryPolicy;
  /** For alerts that say nothing else (ms). */
  readonly dedupeWindowMs: number;
  readonly alerts: AlertList;
  readonly destinations: Destinations;
  readonly remembered: RememberedByProvider;
}
