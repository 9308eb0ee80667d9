import {
  allSubscriptions,
  consumedPrefix,
  pointerId,
  repositoryPartition,
  subscriptionDocumentId,
  subscriptionNamePartition,
  subscriptionPartition,
  subscriptionPrefix,
  type RepositoryRef,
} from '../identity/keys.ts';
import type { DocumentStore, Page, Stored } from '../ports/document-store.ts';

/**
 * `pending`: asked for, or asked for more than was given; `suspended`: the consumer has another owner since, and somebody must give the
 * right anew.
 */
export type SubscriptionState = 'pending' | 'approved' | 'rejected' | 'revoked' | 'suspended';

/** What a consumer wants, or has been given. */
export interface Terms {
  readonly eventTypes: readonly string[];
  readonly conclusions: readonly string[];
}

/** A right that somebody gave. */
export interface Grant extends Terms {
  /** Of what was shown to whoever gave it: see `digestOfRequest`. */
  readonly digest: string;
  /** The consumer's owner then; where it is another at dispatch, nothing is sent. */
  readonly ownerId: string;
  readonly by: string;
  /** Milliseconds. */
  readonly at: number;
}

/** A consumer repository's right to a service. Lives in the provider's partition, so that one list finds who receives. */
export interface SubscriptionDocument {
  /** `sub-…`: made when it is first asked for; never another subscription's, whatever its name. */
  readonly id: string;
  /** A label, unique among subscriptions. */
  readonly name: string;
  readonly provider: RepositoryRef;
  readonly serviceId: string;
  /** The service's label when it was last seen. */
  readonly service: string;
  /** What its consumer knew the service by then: another name, behind an alias. */
  readonly shownAs: string;
  readonly consumer: RepositoryRef;
  /** The consumer's name when it was last seen. */
  readonly repository: string;
  /** The consumer's installation when it was last seen: whose queue its deliveries wait in. */
  readonly installationId: string | null;
  /** The consumer's owner when it last asked. */
  readonly ownerId: string;
  readonly state: SubscriptionState;
  /** What is asked for; the same as what is given once it is approved. */
  readonly terms: Terms;
  /** Of what is asked for. An approval names it, so that nobody approves what he was not shown. */
  readonly digest: string;
  /** What is given and holds: also while more is asked for. Null: nothing is delivered. */
  readonly granted: Grant | null;
  /** Whether confirm and complete are expected. */
  readonly durable: boolean;
  /** Why it was asked for. */
  readonly note: string;
  /** When it was last asked for (ms), and by whom: the id of a GitHub account, where it was a workflow. */
  readonly requestedAt: number;
  readonly requestedBy: string | null;
  readonly updatedAt: number;
}

export interface StateChange {
  readonly at: string;
  readonly state: SubscriptionState;
  readonly by: string;
  readonly reason?: string;
  /** The approval by which it was decided: done again, it is the same decision. */
  readonly approvalId?: string;
}

/** The last 50 changes, oldest first; beside the subscription. */
export interface SubscriptionHistory {
  readonly changes: readonly StateChange[];
}

/** Where a subscription lies. */
export interface SubscriptionPointer {
  readonly provider: RepositoryRef;
  readonly serviceId: string;
  readonly id: string;
}

/** One request of a subscription: what is asked for, and since when (ms). */
export interface RequestKey {
  readonly requestedAt: number;
  readonly digest: string;
}

/** What the queue of approvals is told when a subscription changes its state. */
export interface SubscriptionNews {
  readonly kind: 'subscription';
  readonly subscription: SubscriptionPointer;
  /** Of the change: what is not there yet is not visible yet. */
  readonly updatedAt: number;
  /** Whether somebody is to be asked. */
  readonly isAsked: boolean;
  /** The request that is no question any more, where there was one. */
  readonly settled: RequestKey | null;
}

/** Kept for a while where a removed subscription was, so that late news of it is not taken for news that came early. */
export interface RemovedPointer extends SubscriptionPointer {
  readonly removedAt: number;
}

const admits = (filter: readonly string[], value: string): boolean => filter.includes('*') || filter.includes(value);

type Right = Pick<SubscriptionDocument, 'state' | 'granted'>;

/** What holds of a right now; null: nothing. While it is suspended, its grant is kept for whoever looks at it. */
export const grantInForce = ({ state, granted }: Right): Grant | null =>
  state === 'approved' || state === 'pending' ? granted : null;

/** Whether a subscription may have this event type, as things stand. */
export function takesEventType(right: Right, eventType: string): boolean {
  const grant = grantInForce(right);
  return grant !== null && admits(grant.eventTypes, eventType);
}

/** Whether it may have runs that ended like this. */
export function takesConclusion(right: Right, conclusion: string | null): boolean {
  const grant = grantInForce(right);
  return grant !== null && admits(grant.conclusions, conclusion ?? 'neutral');
}

export async function getSubscription(
  store: Pick<DocumentStore, 'get'>,
  { provider, serviceId, id }: SubscriptionPointer,
): Promise<Stored<SubscriptionDocument> | null> {
  return store.get<SubscriptionDocument>(repositoryPartition(provider), subscriptionDocumentId(serviceId, id));
}

const idPattern = /^sub-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Such a text is never a name. */
export const isSubscriptionId = (text: string): boolean => idPattern.test(text);

/** By id or by name. */
export async function findSubscription(
  store: Pick<DocumentStore, 'get'>,
  idOrName: string,
): Promise<Stored<SubscriptionDocument> | null> {
  const partition = isSubscriptionId(idOrName) ? subscriptionPartition(idOrName) : subscriptionNamePartition(idOrName);
  const pointer = await store.get<SubscriptionPointer>(partition, pointerId);
  const found = pointer && (await getSubscription(store, pointer.body));
  return found?.body.id === idOrName || found?.body.name === idOrName ? found : null;
}

/** Every subscription of a service, page by page of 500. */
export async function* subscriptionsOf(
  store: Pick<DocumentStore, 'list'>,
  provider: RepositoryRef,
  serviceId: string,
): AsyncGenerator<readonly SubscriptionDocument[]> {
  let after: string | undefined;
  do {
    const page: Page<Stored<SubscriptionDocument>> = await store.list<SubscriptionDocument>(
      repositoryPartition(provider),
      {
        prefix: `${subscriptionPrefix}${serviceId}/`,
        limit: 500,
        ...(after !== undefined && { after }),
      },
    );
    yield page.items.map(({ body }) => body);
    after = page.next ?? undefined;
  } while (after !== undefined);
}

/** All subscriptions, by name; or one consumer's. */
export async function listSubscriptions(
  store: DocumentStore,
  of: { readonly consumer: RepositoryRef } | 'all',
  after: string | undefined,
  limit: number,
): Promise<Page<SubscriptionDocument>> {
  const options = { limit, ...(after !== undefined && { after }) };
  const page = await (of === 'all'
    ? store.list<SubscriptionPointer>(allSubscriptions, options)
    : store.list<SubscriptionPointer>(repositoryPartition(of.consumer), { ...options, prefix: consumedPrefix }));
  const found = await Promise.all(page.items.map(({ body }) => getSubscription(store, body)));
  return { items: found.filter((subscription) => subscription !== null).map(({ body }) => body), next: page.next };
}
