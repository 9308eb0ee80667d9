import { ZektError } from '../errors.ts';
import { isoTime } from '../ports/clock.ts';
import type { DocumentStore } from '../ports/document-store.ts';
import { changeSubscription, type SubscriptionFacts, type SubscriptionStep } from './change-subscription.ts';
import { digestOfRequest } from './grant.ts';
import { getRepository } from './repository.ts';
import {
  findSubscription,
  type StateChange,
  type SubscriptionDocument,
  type SubscriptionState,
  type Terms,
} from './subscription.ts';
import { verbOfState } from './subscription-messages.ts';

export interface StateDecision {
  readonly state: 'approved' | 'rejected' | 'revoked';
  readonly by: string;
  /** In whose name: what provider and operator take back, no policy gives again; who leaves may come back. */
  readonly side: 'operator' | 'provider' | 'consumer' | 'policy';
  readonly reason?: string;
  /** The approval by which it was decided: done again, it is the same decision. */
  readonly approvalId?: string;
  /** Of the request that was shown (`SubscriptionDocument.digest`); another one is not decided by it. */
  readonly digest?: string;
}

/** From which states a decision may be taken. */
const reachableFrom: Readonly<Record<StateDecision['state'], readonly SubscriptionState[]>> = {
  approved: ['pending', 'rejected', 'revoked', 'suspended', 'approved'],
  rejected: ['pending', 'suspended'],
  revoked: ['approved', 'pending', 'suspended', 'revoked'],
};

/**
 * Approves, rejects or revokes. Deciding the same again changes nothing. Rejecting a wider request leaves what was given before.
 *
 * @param idOrName of the subscription
 * @throws ZektError `not_found`, or `conflict` when the state does not allow it or the request is another than the one shown
 */
export async function decideSubscription(
  store: DocumentStore,
  idOrName: string,
  decision: StateDecision,
  nowMs: number,
): Promise<SubscriptionDocument> {
  const found = (await findSubscription(store, idOrName))?.body;
  if (!found) throw noSuchSubscription(idOrName);
  // The consumer may have another owner than when it asked: whoever gives the right anew gives it to this one.
  const known = await getRepository(store, found.consumer);
  const ownerNow = known?.ownerId || found.ownerId;
  const decided = await changeSubscription(
    store,
    found,
    (facts) => {
      if (!facts.current) throw noSuchSubscription(idOrName);
      return stepOf({ ...facts, current: facts.current }, decision, ownerNow, nowMs);
    },
    nowMs,
  );
  return decided ?? found;
}

export const noSuchSubscription = (idOrName: string): ZektError =>
  new ZektError('not_found', `There is no subscription '${idOrName}'.`);

type Facts = SubscriptionFacts & { readonly current: SubscriptionDocument };

/** What a decision makes of a subscription; null when it is so already. */
function stepOf(facts: Facts, decision: StateDecision, ownerNow: string, nowMs: number): SubscriptionStep | null {
  const { current, history, isRevoked } = facts;
  const { state, by, side, reason, approvalId, digest } = decision;
  const isLasting = state === 'revoked' && side !== 'consumer';
  const isInForce = state === 'approved' ? isGranted(current, ownerNow) && !isRevoked : state === current.state;
  const isDone = approvalId !== undefined && history.some((change) => change.approvalId === approvalId);
  if (isDone) return null;
  if (digest !== undefined && digest !== current.digest)
    throw new ZektError(
      'conflict',
      `The request of '${current.name}' was changed since it was shown. Look at it again before you decide.`,
    );
  if (isInForce && (!isLasting || isRevoked)) return null;
  if (side === 'policy' && (isRevoked || current.state !== 'pending')) return null;
  if (!reachableFrom[state].includes(current.state))
    throw new ZektError(
      'conflict',
      `The subscription '${current.name}' is ${current.state}, so it can't be ${verbOfState[state]}.`,
    );
  const change: StateChange = {
    at: isoTime(nowMs),
    state,
    by,
    ...(reason !== undefined && { reason }),
    ...(approvalId !== undefined && { approvalId }),
  };
  return {
    next: nextOf(current, decision, ownerNow, nowMs),
    changes: [change],
    revocation: isLasting ? change : state !== 'approved' ? 'unchanged' : side === 'policy' ? 'none' : 'lifted',
  };
}

const isGranted = ({ state, granted }: SubscriptionDocument, ownerNow: string): boolean =>
  state === 'approved' && granted?.ownerId === ownerNow;

function nextOf(
  current: SubscriptionDocument,
  { state, by }: StateDecision,
  ownerNow: string,
  nowMs: number,
): SubscriptionDocument {
  const { terms, granted } = current;
  switch (state) {
    case 'approved': {
      // A request is approved as it was made; everything else as it stands now.
      const ownerId = current.state === 'pending' ? current.ownerId : ownerNow;
      const given = withTerms({ ...current, ownerId }, terms);
      const { digest } = given;
      return { ...given, state, granted: { ...terms, digest, ownerId, by, at: nowMs } };
    }
    case 'rejected':
      return current.state === 'pending' && granted
        ? { ...withTerms(current, granted), state: 'approved' }
        : { ...current, state, granted: null };
    case 'revoked':
      return { ...current, state, granted: null };
  }
}

const withTerms = (subscription: SubscriptionDocument, { eventTypes, conclusions }: Terms): SubscriptionDocument => {
  const { serviceId, consumer, ownerId } = subscription;
  const terms: Terms = { eventTypes, conclusions };
  return { ...subscription, terms, digest: digestOfRequest(serviceId, consumer, ownerId, terms) };
};
