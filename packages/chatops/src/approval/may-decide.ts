import type { Actor } from '@zekt/contracts';
import type { ApprovalDocument, Approver } from './approval-document.ts';
import type { ApprovalsContext } from './approvals-context.ts';

/** Somebody whose identity was proved, and what else their provider said of them. */
export interface Person {
  readonly actor: Actor;
  /** Ids of the Entra groups that the sign-in told of. */
  readonly groups: readonly string[];
}

/**
 * Whether a person may decide: by id and tenant, never by name. Being in a channel gives no right. Who started the run can only be
 * recognised by their GitHub account.
 */
export async function mayDecide(
  { github }: Pick<ApprovalsContext, 'github'>,
  { policy, requester }: ApprovalDocument,
  person: Person,
): Promise<boolean> {
  const { actor } = person;
  if (actor.provider === 'operator') return true;
  const isRequester = actor.provider === 'github' && actor.id === requester?.actorId;
  if (isRequester && !policy.requesterMayApprove) return false;
  for (const approver of policy.approvers) if (await isMeant(github, approver, person)) return true;
  return false;
}

async function isMeant(
  github: ApprovalsContext['github'],
  approver: Approver,
  { actor, groups }: Person,
): Promise<boolean> {
  switch (approver.kind) {
    case 'github':
      return actor.provider === 'github' && actor.id === approver.id;
    case 'githubTeam':
      return (
        actor.provider === 'github' &&
        actor.name !== null &&
        github.isTeamMember(approver.team, { id: actor.id, login: actor.name })
      );
    case 'entra':
      return actor.provider === 'entra' && actor.tenant === approver.tenant && actor.id === approver.id;
    case 'entraGroup':
      return actor.provider === 'entra' && actor.tenant === approver.tenant && groups.includes(approver.id);
  }
}
