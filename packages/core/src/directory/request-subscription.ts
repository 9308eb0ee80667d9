import type { SubscriptionSpec } from '@zekt/contracts';
import { randomUUID } from 'node:crypto';
import { ZektError } from '../errors.ts';
import { refuseReserved } from '../identity/reserved-event-type.ts';
import { speaksFor } from '../identity/workflow-identity.ts';
import { changeSubscription, previewChange, type SubscriptionPlace } from './change-subscription.ts';
import { describeChanges } from './changes.ts';
import { decideRequest, type Asked } from './decide-request.ts';
import { checkInvitation, useInvitation } from './invitation.ts';
import { nameOfParty, type Party } from './party.ts';
import { removeSubscription } from './remove-subscription.ts';
import { resolveRepository, type Applied, type PutContext, type ResolvedRepository } from './resolve-repository.ts';
import { declaredEventTypes, getService, labelOf, type ServiceDocument } from './service.ts';
import { findSubscription, isSubscriptionId, type SubscriptionDocument } from './subscription.ts';
import { nameSubscription } from './name-subscription.ts';
import { isListedFor, publicNameOf, type Viewer } from './visibility.ts';
import { findWantedService } from './wanted-service.ts';

export interface SubscriptionContext extends PutContext {
  /** Services that the same dry run would make, by label. */
  readonly announced?: ReadonlyMap<string, ServiceDocument>;
  /** Takes the ids of the requests that the same dry run would open. */
  readonly opened?: Set<string>;
  /** Whether asking again after a refusal is a new request; applying the same file again is not. */
  readonly asksAgain?: boolean;
}

/**
 * Creates or changes a subscription. An operator's `state` is honoured; a workflow only asks, for its own repository, and gets what the
 * service's policy gives it.
 *
 * @throws ZektError `not_found` (service), `repository_not_found`, `forbidden` (another's repository), `invitation_invalid`, or
 * `conflict` when the name is taken or another request of the consumer waits, or `too_many_requests` when too many of its owner's wait
 */
export async function putSubscription(
  context: SubscriptionContext,
  name: string,
  spec: SubscriptionSpec,
  party: Party,
): Promise<Applied<SubscriptionDocument>> {
  const { store, nowMs, dryRun } = context;
  if (isSubscriptionId(name))
    throw new ZektError('invalid_resource', `Subscription ${name}: a name must not look like an id. Choose another.`);
  refuseReserved(`Subscription ${name}`, spec.eventTypes ?? []);
  const consumer = await resolveConsumer(context, spec.repository, party);
  const viewer = party.kind === 'workflow' ? { repository: consumer.ref, ownerId: consumer.ownerId } : null;
  const namesake = await findNamesake(context, name, consumer, viewer, nameOfParty(party));
  const service = await findWantedService(context, spec, viewer, namesake);
  if (namesake && namesake.serviceId !== service?.id) throw nameTaken(namesake, viewer);
  const asked = askedOf(context, name, spec, { party, consumer, service, namesake });
  if (viewer && service && !namesake && !isListedFor(service, viewer))
    await (dryRun ? checkInvitation : useInvitation)(store, spec.invitation ?? '', service.id, consumer.ref, nowMs);
  if (dryRun || !service) return preview(context, asked, namesake, viewer);
  const place: SubscriptionPlace = {
    provider: service.provider,
    serviceId: service.id,
    id: asked.id,
    consumer: consumer.ref,
  };
  const put = async (id: string): Promise<SubscriptionDocument | null> =>
    changeSubscription(store, { ...place, id }, (facts) => decideRequest({ ...asked, id }, facts, nowMs), nowMs);
  const document = namesake ? await put(namesake.id) : await nameSubscription(store, name, place, put, nowMs);
  if (!document) throw nameTaken(null, viewer);
  return appliedOf(namesake, document, viewer);
}

/** @throws ZektError `repository_not_found` or `forbidden` */
async function resolveConsumer(context: PutContext, fullName: string, party: Party): Promise<ResolvedRepository> {
  const own = party.kind === 'workflow' ? party.identity : null;
  const refusal = new ZektError(
    'forbidden',
    `A workflow asks for its own repository only; '${fullName}' is not '${own?.repository ?? ''}'.`,
  );
  // Compared before GitHub is asked: whether another's repository exists is not for everybody to know.
  if (own && own.repository.toLowerCase() !== fullName.toLowerCase()) throw refusal;
  const consumer = await resolveRepository(context, fullName);
  if (own && !speaksFor(own, consumer.ref, consumer.ownerId)) throw refusal;
  return consumer;
}

/**
 * The subscription that has the name, if it is the asker's. One whose service is gone gives its name to whoever speaks for its consumer.
 *
 * @throws ZektError `conflict`
 */
async function findNamesake(
  { store, nowMs, dryRun }: PutContext,
  name: string,
  consumer: ResolvedRepository,
  viewer: Viewer | null,
  by: string,
): Promise<SubscriptionDocument | null> {
  const found = (await findSubscription(store, name))?.body ?? null;
  if (!found) return null;
  const isTheirs = found.consumer === consumer.ref && (viewer === null || found.ownerId === viewer.ownerId);
  if (viewer && !isTheirs) throw nameTaken(found, viewer);
  if (await getService(store, { provider: found.provider, id: found.serviceId })) {
    if (!isTheirs) throw nameTaken(found, viewer);
    return found;
  }
  if (!dryRun) await removeSubscription(store, found.id, by, nowMs);
  return null;
}

/** To a workflow it is not told whose the name is. */
function nameTaken(holder: SubscriptionDocument | null, viewer: Viewer | null): ZektError {
  const whose =
    holder && !viewer
      ? `is of '${holder.repository}' and the service '${holder.service}' already. Delete it first, or choose`
      : 'is taken already. Choose';
  return new ZektError('conflict', `The subscription's name ${whose} another name.`);
}

interface Bound {
  readonly party: Party;
  readonly consumer: ResolvedRepository;
  /** Null in a dry run that would create it. */
  readonly service: ServiceDocument | null;
  readonly namesake: SubscriptionDocument | null;
}

function askedOf(
  context: SubscriptionContext,
  name: string,
  spec: SubscriptionSpec,
  { party, consumer, service, namesake }: Bound,
): Asked {
  const isWorkflow = party.kind === 'workflow';
  return {
    id: `sub-${randomUUID()}`,
    name,
    service: {
      id: service?.id ?? '',
      provider: service?.provider ?? consumer.ref,
      label: service ? labelOf(service) : spec.service.toLowerCase(),
      shownAs: service ? publicNameOf(service) : spec.service.toLowerCase(),
      approves: service?.approves.some(({ ref }) => ref === consumer.ref) ?? false,
    },
    consumer,
    terms: {
      eventTypes: spec.eventTypes ?? defaultEventTypes(context, spec, service),
      conclusions: spec.conclusions ?? ['*'],
    },
    durable: spec.durable ?? false,
    note: spec.note ?? namesake?.note,
    by: nameOfParty(party),
    actorId: isWorkflow ? party.identity.actorId : null,
    state: isWorkflow ? undefined : spec.state,
    asksAgain: context.asksAgain ?? false,
  };
}

/** What its provider declares: who wants more has to say so, and whoever gives it is shown that. */
function defaultEventTypes(
  { announced }: SubscriptionContext,
  spec: SubscriptionSpec,
  service: ServiceDocument | null,
): readonly string[] {
  const declaring = announced?.get(service ? labelOf(service) : spec.service.toLowerCase()) ?? service;
  return declaring ? declaredEventTypes(declaring) : [];
}

/** What would become of it. */
async function preview(
  { store, nowMs, opened }: SubscriptionContext,
  asked: Asked,
  namesake: SubscriptionDocument | null,
  viewer: Viewer | null,
): Promise<Applied<SubscriptionDocument>> {
  const { service, consumer } = asked;
  const place: SubscriptionPlace = {
    provider: service.provider,
    serviceId: service.id,
    id: namesake?.id ?? asked.id,
    consumer: consumer.ref,
  };
  const document = await previewChange(store, place, (facts) => decideRequest(asked, facts, nowMs), nowMs, opened);
  if (!document) throw new ZektError('internal', 'A request came to nothing.');
  return appliedOf(namesake, document, viewer);
}

function appliedOf(
  before: SubscriptionDocument | null,
  document: SubscriptionDocument,
  viewer: Viewer | null,
): Applied<SubscriptionDocument> {
  const changes = describeChanges(before && shown(before, viewer), shown(document, viewer));
  const action = !before ? 'created' : changes.length === 0 ? 'unchanged' : 'updated';
  return { action, changes, document };
}

/** What people are told of: what they can write in a file. A consumer's workflow knows the service by its public name. */
const shown = (subscription: SubscriptionDocument, viewer: Viewer | null): object => {
  const { service, shownAs, repository, state, terms, durable, note } = subscription;
  return { service: viewer ? shownAs : service, repository, state, ...terms, durable, note };
};
