import type { DomainEventType } from '@zekt/contracts';
import { repositoryIdOf } from '../identity/keys.ts';
import { domainEvent } from '../journal/append.ts';
import type { BusMessage } from '../ports/bus.ts';
import type {
  RequestKey,
  StateChange,
  SubscriptionDocument,
  SubscriptionNews,
  SubscriptionState,
} from './subscription.ts';

const eventOfState: Readonly<Record<SubscriptionState, DomainEventType>> = {
  pending: 'subscription.requested',
  approved: 'subscription.approved',
  rejected: 'subscription.rejected',
  revoked: 'subscription.revoked',
  suspended: 'subscription.suspended',
};

/** What happens to a subscription that gets into a state. */
export const verbOfState: Readonly<Record<SubscriptionState, string>> = {
  pending: 'requested',
  approved: 'approved',
  rejected: 'rejected',
  revoked: 'revoked',
  suspended: 'suspended',
};

/** The event that reports one entry of a subscription's history. */
function eventOf(subscription: SubscriptionDocument, change: StateChange, index: number): BusMessage {
  const { id, name, service, repository, consumer, provider, updatedAt } = subscription;
  const { state, by, reason, approvalId } = change;
  const isWider = subscription.granted !== null && (state === 'pending' || state === 'rejected');
  const what = isWider ? `A wider request of subscription ${name}` : `Subscription ${name}`;
  return domainEvent(eventOfState[state], updatedAt, {
    once: `${id}:${updatedAt}:${index}:${state}`,
    summary: `${what} of ${repository} to ${service} was ${verbOfState[state]}.`,
    service,
    subscription: name,
    repositoryId: repositoryIdOf(provider),
    consumerRepositoryId: repositoryIdOf(consumer),
    actor: by,
    ...(reason !== undefined && { reason }),
    ...(approvalId !== undefined && { approvalId }),
  });
}

const requestOf = (subscription: SubscriptionDocument | null): RequestKey | null =>
  subscription?.state === 'pending' ? { requestedAt: subscription.requestedAt, digest: subscription.digest } : null;

const isSameRequest = (a: RequestKey | null, b: RequestKey | null): boolean =>
  a?.requestedAt === b?.requestedAt && a?.digest === b?.digest;

/** What others are told of a change: an event for each entry of the history, and news for whoever asks people. */
export function subscriptionMessages(
  before: SubscriptionDocument | null,
  after: SubscriptionDocument,
  changes: readonly StateChange[],
): BusMessage[] {
  const events = changes.map((change, index) => eventOf(after, change, index));
  const settled = requestOf(before);
  const asked = requestOf(after);
  return isSameRequest(settled, asked) ? events : [...events, newsOf(after, asked !== null, settled)];
}

/** News for whoever asks people; in a session of its own, so that what comes first is told first. */
function newsOf(
  { id, provider, serviceId, updatedAt, digest }: SubscriptionDocument,
  isAsked: boolean,
  settled: RequestKey | null,
): BusMessage {
  const body: SubscriptionNews = {
    kind: 'subscription',
    subscription: { provider, serviceId, id },
    updatedAt,
    isAsked,
    settled,
  };
  const occasion = `${updatedAt}:${isAsked ? digest.slice(0, 16) : 'settled'}`;
  return { queue: 'approvals', id: `subscription:${id}:${occasion}`, session: `subscription:${id}`, body };
}
