import type { DomainEventType, SubscriptionSpec } from '@zekt/contracts';
import { ZektError } from '../errors.ts';
import { domainEvent } from '../events/domain-event.ts';
import { isoTime } from '../ports/clock.ts';
import type { DocumentStore } from '../ports/document-store.ts';
import { updateDocument } from '../ports/update-document.ts';
import { describeChanges } from './changes.ts';
import { resolveRepository, type Applied, type PutContext } from './put-service.ts';
import { getService, servicePartition } from './service.ts';
import {
  allSubscriptions,
  consumerPartition,
  findSubscription,
  getSubscriptionOf,
  subscriptionDocumentId,
  subscriptionPartition,
  type SubscriptionDocument,
  type SubscriptionState,
} from './subscription.ts';

const eventOfState: Readonly<Record<SubscriptionState, DomainEventType>> = {
  pending: 'subscription.requested',
  approved: 'subscription.approved',
  rejected: 'subscription.rejected',
  revoked: 'subscription.revoked',
};

const verbOfState: Readonly<Record<SubscriptionState, string>> = {
  pending: 'requested',
  approved: 'approved',
  rejected: 'rejected',
  revoked: 'revoked',
};

/** From which states a decision may be taken; asking again after a refusal is a new request. */
const reachableFrom: Readonly<Record<SubscriptionState, readonly SubscriptionState[]>> = {
  pending: ['rejected', 'revoked'],
  approved: ['pending', 'rejected', 'revoked'],
  rejected: ['pending'],
  revoked: ['approved', 'pending'],
};

export interface StateDecision {
  readonly state: SubscriptionState;
  readonly by: string;
  readonly reason?: string;
}

/** The subscription in its new state, with the change in its history and the event that reports it. */
function withState(subscription: SubscriptionDocument, { state, by, reason }: StateDecision, nowMs: number) {
  const change = { at: isoTime(nowMs), state, by, ...(reason !== undefined && { reason }) };
  const body: SubscriptionDocument = {
    ...subscription,
    state,
    history: [...subscription.history, change].slice(-50),
    updatedAt: nowMs,
  };
  const event = domainEvent(eventOfState[state], nowMs, {
    once: `${subscription.name}:${nowMs}:${state}`,
    summary: `Subscription ${subscription.name} of ${subscription.repository} to ${subscription.service} was ${verbOfState[state]}.`,
    service: subscription.service,
    subscription: subscription.name,
    consumerRepositoryId: subscription.repositoryId,
    actor: by,
    ...(reason !== undefined && { reason }),
  });
  return { body, messages: [event] };
}

/**
 * Creates or changes a subscription as an operator: its `state` is honoured, and is a request when it is not given.
 * `announced` names services that the same dry run would create.
 *
 * @throws ZektError `not_found` (service), `repository_not_found`, or `conflict` when the name belongs to another service
 */
export async function putSubscription(
  context: PutContext & { readonly announced?: ReadonlySet<string> },
  name: string,
  spec: SubscriptionSpec,
  by: string,
): Promise<Applied<SubscriptionDocument>> {
  const { store, nowMs } = context;
  const service = spec.service.toLowerCase();
  if (!context.announced?.has(service) && !(await getService(store, service))) {
    throw new ZektError(
      'not_found',
      `There is no service '${spec.service}'. Apply the service first; \`zekt services\` lists what there is.`,
    );
  }
  const namesake = (await findSubscription(store, name))?.body ?? null;
  if (namesake && namesake.service !== service) {
    throw new ZektError(
      'conflict',
      `The subscription '${name}' belongs to the service '${namesake.service}' already. Choose another name.`,
    );
  }
  const consumer = await resolveRepository(context, spec.repository);
  const state = spec.state ?? namesake?.state ?? 'pending';
  const wanted: Omit<SubscriptionDocument, 'history' | 'updatedAt'> = {
    name,
    service,
    repositoryId: consumer.id,
    repository: consumer.fullName,
    state,
    eventTypes: spec.eventTypes ?? ['*'],
    conclusions: spec.conclusions ?? ['*'],
    durable: spec.durable ?? false,
  };
  const changes = describeChanges(namesake, wanted);
  if (namesake && changes.length === 0) return { action: 'unchanged', changes, document: namesake };
  const draft: SubscriptionDocument = { ...wanted, history: [], updatedAt: nowMs };
  if (context.dryRun) return { action: namesake ? 'updated' : 'created', changes, document: draft };

  const pointer = { service, name };
  await store.commit({ partition: consumerPartition(consumer.id), writes: [{ kind: 'put', id: name, body: pointer }] });
  await store.commit({ partition: allSubscriptions, writes: [{ kind: 'put', id: name, body: pointer }] });
  await store.commit({
    partition: subscriptionPartition(name),
    writes: [{ kind: 'put', id: 'subscription', body: pointer }],
  });
  const updated = await updateDocument<SubscriptionDocument>(
    store,
    servicePartition(service),
    subscriptionDocumentId(name),
    (current) => {
      const next: SubscriptionDocument = { ...draft, history: current?.history ?? [] };
      return current?.state === state ? { body: next } : withState(next, { state, by }, nowMs);
    },
  );
  return { action: namesake ? 'updated' : 'created', changes, document: updated.changed ? updated.body : draft };
}

/**
 * Approves, rejects or revokes. Deciding the same again changes nothing.
 *
 * @throws ZektError `not_found`, or `conflict` when the state does not allow it
 */
export async function decideSubscription(
  store: DocumentStore,
  name: string,
  decision: StateDecision,
  nowMs: number,
): Promise<SubscriptionDocument> {
  const found = await findSubscription(store, name);
  if (!found) throw new ZektError('not_found', `There is no subscription '${name}'.`);
  const { service } = found.body;
  await updateDocument<SubscriptionDocument>(
    store,
    servicePartition(service),
    subscriptionDocumentId(name),
    (current) => {
      if (!current) throw new ZektError('not_found', `There is no subscription '${name}'.`);
      if (current.state === decision.state) return null;
      if (!reachableFrom[decision.state].includes(current.state)) {
        throw new ZektError(
          'conflict',
          `The subscription '${name}' is ${current.state}, so it can't be ${verbOfState[decision.state]}.`,
        );
      }
      return withState(current, decision, nowMs);
    },
  );
  return (await getSubscriptionOf(store, service, name))?.body ?? found.body;
}
