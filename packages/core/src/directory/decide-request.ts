import type { SubscriptionSpec } from '@zekt/contracts';
import type { RepositoryRef } from '../identity/keys.ts';
import { isoTime } from '../ports/clock.ts';
import type { SubscriptionFacts, SubscriptionStep } from './change-subscription.ts';
import { digestOfRequest, isSameTerms, isWithin } from './grant.ts';
import type { ResolvedRepository } from './resolve-repository.ts';
import type { Grant, StateChange, SubscriptionDocument, SubscriptionState, Terms } from './subscription.ts';

/** A request or an operator's declaration, bound to ids. */
export interface Asked {
  /** Of the subscription, should there be none yet. */
  readonly id: string;
  readonly name: string;
  readonly service: {
    readonly id: string;
    readonly provider: RepositoryRef;
    readonly label: string;
    readonly shownAs: string;
    /** Whether its policy approves this consumer. */
    readonly approves: boolean;
  };
  readonly consumer: Pick<ResolvedRepository, 'ref' | 'fullName' | 'ownerId' | 'installationId'>;
  readonly terms: Terms;
  readonly durable: boolean;
  /** Undefined: as it is. */
  readonly note: string | undefined;
  readonly by: string;
  /** The id of the GitHub account that started the workflow; null for an operator. */
  readonly actorId: string | null;
  /** An operator's word. A workflow has none: what it may have is for others to say. */
  readonly state: SubscriptionSpec['state'];
  /** Whether asking again after a refusal is a new request; applying the same file again is not. */
  readonly asksAgain: boolean;
}

interface Verdict {
  readonly state: SubscriptionState;
  readonly granted: Grant | null;
  /** The states that its history has more, and who brought them about. */
  readonly log: readonly (readonly [SubscriptionState, string, string?])[];
}

/**
 * What becomes of a subscription when somebody asks for it.
 *
 * Less than is given is taken at once. More becomes a request, while what is given holds. A policy approves whom it names, unless their
 * right was taken back. What an operator says, holds.
 */
export function decideRequest(
  asked: Asked,
  { current, isRevoked }: Pick<SubscriptionFacts, 'current' | 'isRevoked'>,
  nowMs: number,
): SubscriptionStep | null {
  const { service, consumer, terms } = asked;
  const verdict =
    asked.actorId === null
      ? byOperator(asked, current, isRevoked, nowMs)
      : byWorkflow(asked, current, isRevoked, nowMs);
  const { state, granted, log } = verdict;
  const isRequested = log.some(([it]) => it === 'pending');
  const ownerId = state === 'suspended' && current ? current.ownerId : consumer.ownerId;
  const next: SubscriptionDocument = {
    id: current?.id ?? asked.id,
    name: asked.name,
    provider: service.provider,
    serviceId: service.id,
    service: service.label,
    shownAs: service.shownAs,
    consumer: consumer.ref,
    repository: consumer.fullName,
    installationId: consumer.installationId,
    ownerId,
    state,
    terms,
    digest: digestOfRequest(service.id, consumer.ref, ownerId, terms),
    granted,
    durable: asked.durable,
    note: asked.note ?? current?.note ?? '',
    requestedAt: isRequested || !current ? nowMs : current.requestedAt,
    requestedBy: isRequested || !current ? asked.actorId : current.requestedBy,
    updatedAt: current?.updatedAt ?? nowMs,
  };
  const changes = log.map(([it, by, reason]): StateChange => ({
    at: isoTime(nowMs),
    state: it,
    by,
    ...(reason !== undefined && { reason }),
  }));
  const revocation = revocationOf(asked, verdict, isRevoked, nowMs);
  const isNews = JSON.stringify(next) !== JSON.stringify(current) || revocation !== 'unchanged';
  return isNews ? { next, changes, revocation } : null;
}

function revocationOf(
  asked: Asked,
  { log }: Verdict,
  isRevoked: boolean,
  nowMs: number,
): SubscriptionStep['revocation'] {
  if (log.some(([, by]) => by === policy)) return 'none';
  if (asked.actorId !== null) return 'unchanged';
  if (asked.state === 'approved' && isRevoked) return 'lifted';
  return asked.state === 'revoked' && !isRevoked ? { at: isoTime(nowMs), by: asked.by } : 'unchanged';
}

/** Who decides in the provider's name what its service says beforehand. Workflows are named with their repository, so none is called so. */
const policy = 'policy';

/** What is asked for, given by somebody. */
function grantTo({ service, consumer, terms }: Asked, by: string, nowMs: number): Grant {
  const { ownerId } = consumer;
  return { ...terms, digest: digestOfRequest(service.id, consumer.ref, ownerId, terms), ownerId, by, at: nowMs };
}

const stays = ({ state, granted }: SubscriptionDocument): Verdict => ({ state, granted, log: [] });

function byOperator(asked: Asked, current: SubscriptionDocument | null, isRevoked: boolean, nowMs: number): Verdict {
  const { by, consumer, terms, service } = asked;
  const given = current?.granted ?? null;
  const isForeign = given !== null && given.ownerId !== consumer.ownerId;
  // Without a word on it, nobody has confirmed the new owner.
  if (asked.state === undefined && isForeign) {
    const log = current?.state === 'suspended' ? [] : ([['suspended', by]] as const);
    return { state: 'suspended', granted: given, log };
  }
  const isListed = service.approves && !isRevoked;
  const state = asked.state ?? current?.state ?? (isListed ? 'approved' : 'pending');
  if (state === 'approved') {
    if (current?.state === state && given && !isForeign && isSameTerms(terms, given)) return stays(current);
    const giver = asked.state === undefined && !current ? policy : by;
    return {
      state,
      granted: grantTo(asked, giver, nowMs),
      log: [[state, giver]],
    };
  }
  if (current?.state !== state) return { state, granted: null, log: [[state, by]] };
  const isAnother = state === 'pending' && !isSameTerms(terms, current.terms);
  return { ...stays(current), log: isAnother ? [[state, by]] : [] };
}

function byWorkflow(asked: Asked, current: SubscriptionDocument | null, isRevoked: boolean, nowMs: number): Verdict {
  const { by, terms, service } = asked;
  const isRefused = current?.state === 'rejected' || current?.state === 'revoked';
  if (current && (current.state === 'suspended' || (isRefused && !asked.asksAgain))) return stays(current);
  const given = current?.granted ?? null;
  const isWaiting = current?.state === 'pending';
  if (given && isWithin(terms, given)) {
    const granted = isSameTerms(terms, given) ? given : { ...given, ...terms };
    return {
      state: 'approved',
      granted,
      log: isWaiting ? [['approved', by, 'No more is asked for than is given.']] : [],
    };
  }
  const isAskedAlready = isWaiting && isSameTerms(terms, current.terms);
  const request: Verdict['log'] = isAskedAlready ? [] : [['pending', by]];
  if (service.approves && !isRevoked)
    return { state: 'approved', granted: grantTo(asked, policy, nowMs), log: [...request, ['approved', policy]] };
  return { state: 'pending', granted: given, log: request };
}
