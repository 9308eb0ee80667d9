import { ZektError, type DocumentStore } from '@zekt/core';
import { entraAccount, gitHubAccount, type Account } from '../identity/account.ts';
import { isSamePerson, personOf } from '../identity/person-accounts.ts';
import type { Approver } from './approval-document.ts';
import type { ResolvedPolicy } from './resolve-policy.ts';

/**
 * Refuses a question that can't be approved, as far as that can be known: groups of Entra can't be counted, nor teams beyond their first
 * hundred.
 *
 * @param requester accounts of whoever asks
 * @throws ZektError `invalid_body`
 */
export async function requireDecidable(
  store: Pick<DocumentStore, 'get'>,
  { policy: { approvers, quorum, requesterMayApprove }, teams }: ResolvedPolicy,
  requester: readonly Account[],
): Promise<void> {
  if (approvers.some(({ kind }) => kind === 'entraGroup') || teams.some(({ isComplete }) => !isComplete)) return;
  const named = await Promise.all(approvers.flatMap(accountOf).map((account) => personOf(store, account)));
  const members = teams.flatMap(({ ids }) => ids.map((id) => [gitHubAccount(id)]));
  const all = distinct([
    ...named.filter(({ isSuspended }) => !isSuspended).map(({ accounts }) => accounts),
    ...members,
  ]);
  const others = requesterMayApprove ? all : all.filter((person) => !isSamePerson(person, requester));
  if (others.length >= quorum) return;
  const isOwn = others.length < all.length;
  throw new ZektError(
    'invalid_body',
    others.length === 0
      ? `Invalid policy: nobody may approve. ${isOwn ? "Only whoever started the run is named, and 'requesterMayApprove' is not true." : 'Nobody is in the teams that are named, or those who are named are suspended.'}`
      : `Invalid policy: ${quorum} approvals are needed, but only ${others.length} ${others.length === 1 ? 'person' : 'people'} may approve${isOwn ? ', since whoever started the run may not' : ''}.`,
  );
}

function accountOf(approver: Approver): Account[] {
  if (approver.kind === 'github') return [gitHubAccount(approver.id)];
  return approver.kind === 'entra' ? [entraAccount(approver.tenant, approver.id)] : [];
}

const distinct = (people: readonly (readonly Account[])[]): (readonly Account[])[] =>
  people.filter((person, index) => people.findIndex((it) => isSamePerson(it, person)) === index);
