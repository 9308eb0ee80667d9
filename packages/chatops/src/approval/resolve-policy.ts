import type { ApprovalPolicy } from '@zekt/contracts';
import { ZektError } from '@zekt/core';
import type { Approver, Policy } from './approval-document.ts';
import type { ApprovalsContext } from './approvals-context.ts';

/**
 * Binds a policy to ids: a login becomes the account that has it now.
 *
 * @param installationId through which GitHub is asked for logins
 * @throws ZektError `invalid_body` when a login does not exist, or the quorum can't be reached
 */
export async function resolvePolicy(
  { github }: Pick<ApprovalsContext, 'github'>,
  policy: ApprovalPolicy,
  installationId: string | null,
): Promise<Policy> {
  const approvers = await Promise.all(
    policy.approvers.map(async (it): Promise<Approver> => {
      if (it.githubTeam !== undefined) return { kind: 'githubTeam', team: it.githubTeam };
      if (it.entra) return { kind: 'entra', tenant: lower(it.entra.tenant), id: lower(it.entra.objectId) };
      if (it.entraGroup)
        return { kind: 'entraGroup', tenant: lower(it.entraGroup.tenant), id: lower(it.entraGroup.groupId) };
      return resolveLogin(github, it.github ?? '', installationId);
    }),
  );
  const quorum = policy.quorum ?? 1;
  const hasGroup = approvers.some(({ kind }) => kind === 'githubTeam' || kind === 'entraGroup');
  if (!hasGroup && quorum > approvers.length) {
    throw new ZektError(
      'invalid_body',
      `Invalid policy: ${quorum} approvals are needed, but only ${approvers.length} ${approvers.length === 1 ? 'person' : 'people'} may approve.`,
    );
  }
  return {
    approvers,
    quorum,
    requesterMayApprove: policy.requesterMayApprove ?? false,
    requireRejectComment: policy.requireRejectComment ?? false,
  };
}

const lower = (guid: string): string => guid.toLowerCase();

async function resolveLogin(
  github: ApprovalsContext['github'],
  login: string,
  installationId: string | null,
): Promise<Approver> {
  if (installationId === null) {
    throw new ZektError(
      'invalid_body',
      `Invalid policy: name a 'repository' with the Zekt App, so that GitHub can be asked who '${login}' is.`,
    );
  }
  const user = await github.findUser(login, installationId);
  if (!user) throw new ZektError('invalid_body', `Invalid policy: there is no GitHub account '${login}'.`);
  return { kind: 'github', ...user };
}
