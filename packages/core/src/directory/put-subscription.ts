import type { DomainEventType, SubscriptionSpec } from '@zekt/contracts';
import { ZektError } from '../errors.ts';
import { domainEvent } from '../events/domain-event.ts';
import type { BusMessage } from '../ports/bus.ts';
import { isoTime } from '../ports/clock.ts';
import type { DocumentStore } from '../ports/document-store.ts';
import { updateDocument } from '../ports/update-document.ts';
import { describeChanges } from './changes.ts';
import { invalidInvitation, useInvitation } from './invitation.ts';
import { nameOfParty, type Party } from './party.ts';
import { resolveRepository, type Applied, type PutContext } from './resolve-repository.ts';
import { serviceId, servicePartition, type ServiceDocument } from './service.ts';
import {
  allSubscriptions,
  consumerPartition,
  findSubscription,
  getSubscriptionOf,
  subscriptionDocumentId,
  subscriptionPartition,
  type SubscriptionDocument,
  type SubscriptionNews,
  type SubscriptionState,
} from './subscription.ts';
import { findServiceFor, isListedFor, type Viewer } from './visibility.ts';

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
  /** The approval by which it was decided. */
  readonly approvalId?: string;
}

/** The subscription in its new state, with the change in its history, the event that reports it, and the news for whoever asks people. */
function withState(
  subscription: SubscriptionDocument,
  { state, by, reason, approvalId }: StateDecision,
  nowMs: number,
): { readonly body: SubscriptionDocument; readonly messages: readonly BusMessage[] } {
  const { name, service } = subscription;
  const change = { at: isoTime(nowMs), state, by, ...(reason !== undefined && { reason }) };
  const body: SubscriptionDocument = {
    ...subscription,
    state,
    history: [...subscription.history, change].slice(-50),
    updatedAt: nowMs,
    ...(state === 'pending' && { requestedAt: nowMs }),
  };
  const event = domainEvent(eventOfState[state], nowMs, {
    once: `${name}:${nowMs}:${state}`,
    summary: `Subscription ${name} of ${subscription.repository} to ${service} was ${verbOfState[state]}.`,
    service,
    subscription: name,
    consumerRepositoryId: subscription.repositoryId,
    actor: by,
    ...(reason !== undefined && { reason }),
    ...(approvalId !== undefined && { approvalId }),
  });
  const news: SubscriptionNews = { kind: 'subscription', subscription: name, service };
  const message: BusMessage = {
    queue: 'approvals',
    id: `subscription:${name}:${nowMs}:${state}`,
    session: `subscription:${name}`,
    body: news,
  };
  return { body, messages: [event, message] };
}

export interface SubscriptionContext extends PutContext {
  /** Services that the same dry run would create. */
  readonly announced?: ReadonlySet<string>;
  /** Whether asking again after a refusal is a new request; applying the same file again is not. */
  readonly asksAgain?: boolean;
}

/**
 * Creates or changes a subscription. An operator's `state` is honoured; a workflow only asks, for its own repository, and gets what the
 * service's policy gives it.
 *
 * @throws ZektError `not_found` (service), `repository_not_found`, `forbidden` (another's repository), `invitation_invalid`, or
 * `conflict` when the name belongs to another service or consumer
 */
export async function putSubscription(
  context: SubscriptionContext,
  name: string,
  spec: SubscriptionSpec,
  party: Party,
): Promise<Applied<SubscriptionDocument>> {
  const { store, nowMs } = context;
  const consumer = await resolveRepository(context, spec.repository);
  if (party.kind === 'workflow' && consumer.id !== party.identity.repositoryId) {
    throw new ZektError(
      'forbidden',
      `A workflow asks for its own repository only; '${consumer.fullName}' is not '${party.identity.repository}'.`,
    );
  }
  const namesake = (await findSubscription(store, name))?.body ?? null;
  const viewer = party.kind === 'workflow' ? { repositoryId: consumer.id, ownerId: consumer.ownerId } : null;
  const found = await findWantedService(context, spec, viewer, namesake);
  const service = found ? serviceId(found.owner, found.name) : spec.service.toLowerCase();
  if (namesake && (namesake.service !== service || (viewer && namesake.repositoryId !== consumer.id))) {
    const belongs = viewer ? 'is taken already' : `belongs to the service '${namesake.service}' already`;
    throw new ZektError('conflict', `The subscription '${name}' ${belongs}. Choose another name.`);
  }
  const isApproved = found?.approves.some(({ id }) => id === consumer.id) ?? false;
  const state = stateOf(party, spec, namesake, isApproved, context.asksAgain ?? false);
  const wanted: Omit<SubscriptionDocument, 'history' | 'updatedAt' | 'requestedAt' | 'requestedBy'> = {
    name,
    service,
    repositoryId: consumer.id,
    repository: consumer.fullName,
    state,
    eventTypes: spec.eventTypes ?? ['*'],
    conclusions: spec.conclusions ?? ['*'],
    durable: spec.durable ?? false,
    note: spec.note ?? namesake?.note ?? '',
  };
  const changes = describeChanges(namesake, wanted);
  if (namesake && changes.length === 0) return { action: 'unchanged', changes, document: namesake };
  const draft: SubscriptionDocument = {
    ...wanted,
    requestedAt: namesake?.requestedAt ?? nowMs,
    requestedBy: party.kind === 'workflow' ? party.identity.actorId : (namesake?.requestedBy ?? null),
    history: [],
    updatedAt: nowMs,
  };
  if (context.dryRun) return { action: namesake ? 'updated' : 'created', changes, document: draft };
  if (viewer && found && !namesake && !isListedFor(found, viewer))
    await useInvitation(store, spec.invitation ?? '', service, consumer.id, nowMs);

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
      if (current?.state === state) return { body: next };
      if (party.kind === 'manager' || !isApproved || state !== 'approved')
        return withState(next, { state, by: nameOfParty(party) }, nowMs);
      const asked = withState({ ...next, state: 'pending' }, { state: 'pending', by: nameOfParty(party) }, nowMs);
      const approved = withState(asked.body, { state, by: 'policy' }, nowMs);
      return { body: approved.body, messages: [...asked.messages, ...approved.messages] };
    },
  );
  return { action: namesake ? 'updated' : 'created', changes, document: updated.changed ? updated.body : draft };
}

/** What a workflow may not see answers as what is not there. */
async function findWantedService(
  context: SubscriptionContext,
  spec: SubscriptionSpec,
  viewer: Viewer | null,
  namesake: SubscriptionDocument | null,
): Promise<ServiceDocument | null> {
  const found = await findServiceFor(context.store, spec.service, viewer);
  const isKnown = found !== null && namesake?.service === serviceId(found.owner, found.name);
  const isVisible = found && (!viewer || isKnown || spec.invitation !== undefined || isListedFor(found, viewer));
  if (isVisible) return found;
  if (context.announced?.has(spec.service.toLowerCase())) return null;
  // As for a code that is not good: an invitation made up tells nobody which services there are.
  if (viewer && spec.invitation !== undefined) throw invalidInvitation();
  throw new ZektError(
    'not_found',
    viewer
      ? `There is no service '${spec.service}' that this repository may ask for. One that is not listed needs an 'invitation'.`
      : `There is no service '${spec.service}'. Apply the service first; \`zekt services\` lists what there is.`,
  );
}

function stateOf(
  party: Party,
  spec: SubscriptionSpec,
  namesake: SubscriptionDocument | null,
  isApproved: boolean,
  asksAgain: boolean,
): SubscriptionState {
  if (party.kind === 'manager') return spec.state ?? namesake?.state ?? (isApproved ? 'approved' : 'pending');
  const isRefused = namesake?.state === 'rejected' || namesake?.state === 'revoked';
  if (namesake && !(isRefused && asksAgain) && namesake.state !== 'pending') return namesake.state;
  return isApproved ? 'approved' : 'pending';
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
