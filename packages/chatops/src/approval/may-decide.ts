import type { Actor } from '@zekt/contracts';
import { getRepository } from '@zekt/core';
import { entraAccount, gitHubAccount, type Account } from '../identity/account.ts';
import { isSamePerson, personOf } from '../identity/person-accounts.ts';
import type { ApprovalDocument, Approver } from './approval-document.ts';
import type { ApprovalsContext } from './approvals-context.ts';
import { requesterAccounts } from './requester-accounts.ts';

/** Somebody whose identity was proved, and what else their provider said of them. */
export interface Person {
  readonly actor: Actor;
  /** Ids of the Entra groups that the sign-in told of. */
  readonly groups: readonly string[];
}

/** How somebody stands to a question. */
export type Standing =
  /** With all accounts that are known to be theirs. */
  | { readonly kind: 'mayDecide'; readonly accounts: readonly Account[] }
  /** They started the run, with this account or one linked to it. */
  | { readonly kind: 'isRequester' }
  /** An operator took the right to decide from one of their accounts. */
  | { readonly kind: 'isSuspended' }
  | { readonly kind: 'notAsked' };

type RightsContext = Pick<ApprovalsContext, 'store' | 'memberships'>;

/** Whether a person may decide. */
export const mayDecide = async (context: RightsContext, approval: ApprovalDocument, person: Person): Promise<boolean> =>
  (await standingOf(context, approval, person)).kind === 'mayDecide';

/**
 * How a person stands to a question: by id and tenant, never by name. Being in a channel gives no right, and neither does an account that is
 * linked to one that was asked: links tell who started the run, and no more. GitHub is asked only where nothing else tells.
 *
 * @param freshFrom memberships that GitHub told of before this time (ms) do not do. @default those of the last minute
 */
export async function standingOf(
  context: RightsContext,
  approval: ApprovalDocument,
  person: Person,
  freshFrom?: number,
): Promise<Standing> {
  const { actor } = person;
  if (actor.provider === 'operator') return { kind: 'mayDecide', accounts: [actor] };
  const account = actor.provider === 'github' ? gitHubAccount(actor.id) : entraAccount(actor.tenant ?? '', actor.id);
  const { accounts, isSuspended } = await personOf(context.store, account);
  if (isSuspended) return { kind: 'isSuspended' };
  if (!approval.policy.requesterMayApprove && isSamePerson(accounts, await requesterAccounts(context.store, approval)))
    return { kind: 'isRequester' };
  return (await isAsked(context, approval.policy.approvers, person, freshFrom))
    ? { kind: 'mayDecide', accounts }
    : { kind: 'notAsked' };
}

async function isAsked(
  context: RightsContext,
  approvers: readonly Approver[],
  { actor, groups }: Person,
  freshFrom?: number,
): Promise<boolean> {
  const isMeant = (approver: Approver): boolean => {
    switch (approver.kind) {
      case 'github':
        return actor.provider === 'github' && actor.id === approver.id;
      case 'githubTeam':
        return false;
      case 'entra':
        return actor.provider === 'entra' && actor.tenant === approver.tenant && actor.id === approver.id;
      case 'entraGroup':
        return actor.provider === 'entra' && actor.tenant === approver.tenant && groups.includes(approver.id);
    }
  };
  if (approvers.some(isMeant)) return true;
  if (actor.provider !== 'github' || actor.name === null) return false;
  for (const approver of approvers) {
    if (approver.kind !== 'githubTeam') continue;
    const installationId = (await getRepository(context.store, approver.via))?.installationId ?? null;
    const user = { id: actor.id, login: actor.name };
    if (installationId !== null && (await context.memberships.isMember(approver.team, user, installationId, freshFrom)))
      return true;
  }
  return false;
}
