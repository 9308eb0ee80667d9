import { ZektError, type DocumentStore } from '@zekt/core';
import { entraAccount, gitHubAccount, type Account } from '../identity/account.ts';
import { personOf } from '../identity/person-accounts.ts';
import type { ApprovalDocument } from './approval-document.ts';

type Question = Pick<ApprovalDocument, 'requester' | 'requesterEntra' | 'policy'>;

/** Every account that is known to be of whoever started the run; none when nobody in particular asks. */
export async function requesterAccounts(
  store: Pick<DocumentStore, 'get'>,
  { requester, requesterEntra }: Omit<Question, 'policy'>,
): Promise<readonly Account[]> {
  const own = [
    ...(requester?.actorId ? [gitHubAccount(requester.actorId)] : []),
    ...(requesterEntra ? [entraAccount(requesterEntra.tenant, requesterEntra.id)] : []),
  ];
  return (await Promise.all(own.map((account) => personOf(store, account)))).flatMap(({ accounts }) => accounts);
}

/**
 * A person has other ids at GitHub than at Entra. So where somebody started the run and must not decide, and people of a tenant may, it must
 * be known which of them that is.
 *
 * @throws ZektError `requester_unknown`
 */
export function requireKnownRequester({ requester, policy }: Question, known: readonly Account[]): void {
  const isSomebody = requester !== null && (requester.runId !== null || requester.actorId !== null);
  if (!isSomebody || policy.requesterMayApprove) return;
  const tenants = policy.approvers.flatMap((it) =>
    it.kind === 'entra' || it.kind === 'entraGroup' ? [it.tenant] : [],
  );
  const missing = tenants.find((tenant) => !known.some((it) => it.provider === 'entra' && it.tenant === tenant));
  if (missing === undefined) return;
  const who = requester.actor ?? 'whoever asks';
  throw new ZektError(
    'requester_unknown',
    `People of the Entra tenant ${missing} may decide, but it is not known which account of that tenant belongs to ${who}, who must not approve their own request. Give it as 'requester.entra' (input 'requester-entra' of the action), link it to their GitHub account on a page of an approval or with an Identity (zekt apply), or say 'requesterMayApprove: true'.`,
  );
}
