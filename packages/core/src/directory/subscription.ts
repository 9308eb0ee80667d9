import type { DocumentStore, Page, Stored } from '../ports/document-store.ts';
import { servicePartition } from './service.ts';

export type SubscriptionState = 'pending' | 'approved' | 'rejected' | 'revoked';

export interface StateChange {
  readonly at: string;
  readonly state: SubscriptionState;
  readonly by: string;
  readonly reason?: string;
}

/** A consumer repository's right to a service. Lives in the service's partition, so that one list finds who receives. */
export interface SubscriptionDocument {
  readonly name: string;
  readonly service: string;
  readonly repositoryId: string;
  readonly repository: string;
  readonly state: SubscriptionState;
  readonly eventTypes: readonly string[];
  readonly conclusions: readonly string[];
  readonly durable: boolean;
  /** Why it was asked for. */
  readonly note: string;
  /** When it was last asked for (ms), and by whom: the id of a GitHub account, where it was a workflow. */
  readonly requestedAt: number;
  readonly requestedBy: string | null;
  /** The last 50 changes, oldest first. */
  readonly history: readonly StateChange[];
  readonly updatedAt: number;
}

/** What the queue of approvals is told when a subscription changes its state. */
export interface SubscriptionNews {
  readonly kind: 'subscription';
  readonly subscription: string;
  readonly service: string;
}

export interface SubscriptionPointer {
  readonly service: string;
  readonly name: string;
}

const idPrefix = 'subscription:';
export const subscriptionDocumentId = (name: string): string => `${idPrefix}${name}`;
export const subscriptionPartition = (name: string): string => `subscription:${name}`;
export const consumerPartition = (repositoryId: string): string => `consumer:${repositoryId}`;
export const allSubscriptions = 'subscriptions';

export async function getSubscriptionOf(
  store: DocumentStore,
  service: string,
  name: string,
): Promise<Stored<SubscriptionDocument> | null> {
  return store.get<SubscriptionDocument>(servicePartition(service), subscriptionDocumentId(name));
}

export async function findSubscription(
  store: DocumentStore,
  name: string,
): Promise<Stored<SubscriptionDocument> | null> {
  const pointer = await store.get<SubscriptionPointer>(subscriptionPartition(name), 'subscription');
  return pointer ? getSubscriptionOf(store, pointer.body.service, name) : null;
}

/** Every subscription of a service, page by page of 500. */
export async function* subscriptionsOf(
  store: DocumentStore,
  service: string,
): AsyncGenerator<readonly SubscriptionDocument[]> {
  let after: string | undefined;
  do {
    const page: Page<Stored<SubscriptionDocument>> = await store.list<SubscriptionDocument>(servicePartition(service), {
      prefix: idPrefix,
      limit: 500,
      ...(after !== undefined && { after }),
    });
    yield page.items.map(({ body }) => body);
    after = page.next ?? undefined;
  } while (after !== undefined);
}

/** Subscriptions named by the pointers of a partition: all of them, or one consumer's. */
export async function listSubscriptions(
  store: DocumentStore,
  pointersIn: string,
  after: string | undefined,
  limit: number,
): Promise<Page<SubscriptionDocument>> {
  const page = await store.list<SubscriptionPointer>(pointersIn, { limit, ...(after !== undefined && { after }) });
  const found = await Promise.all(page.items.map(({ body }) => getSubscriptionOf(store, body.service, body.name)));
  return { items: found.filter((subscription) => subscription !== null).map(({ body }) => body), next: page.next };
}
