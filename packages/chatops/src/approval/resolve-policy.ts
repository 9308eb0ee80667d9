import { limits, type ApprovalPolicy } from '@zekt/contracts';
import { ZektError, type RepositoryRef, type TeamMembers } from '@zekt/core';
import type { ChannelDocument } from '../channel.ts';
import type { Approver, Policy } from './approval-document.ts';
import type { ApprovalsContext } from './approvals-context.ts';
import { seerOfTeam, type Asker } from './seer-of-team.ts';

/** Each is asked of GitHub for whoever wants to decide. */
const { value: maxTeams } = limits.teamsOfPolicy;

/** A policy by ids, and who is in its teams now. */
export interface ResolvedPolicy {
  readonly policy: Policy;
  readonly teams: readonly TeamMembers[];
}

/**
 * Binds a policy to ids: a login becomes the account that has it now, a team is one that can be seen.
 *
 * @param asker in whose name GitHub is asked; null: there is no such repository
 * @param channel where people are asked, if in one
 * @throws ZektError `invalid_body` for a login or team that does not exist, or too many teams
 */
export async function resolvePolicy(
  context: Pick<ApprovalsContext, 'store' | 'github'>,
  policy: ApprovalPolicy,
  asker: Asker | null,
  channel: ChannelDocument | null,
): Promise<ResolvedPolicy> {
  const teamCount = policy.approvers.filter(({ githubTeam }) => githubTeam !== undefined).length;
  if (teamCount > maxTeams)
    throw new ZektError('invalid_body', `Invalid policy: ${teamCount} teams may approve; at most ${maxTeams} can.`);
  const teams: TeamMembers[] = [];
  const approvers = await Promise.all(
    policy.approvers.map(async (it): Promise<Approver> => {
      if (it.entra) return { kind: 'entra', tenant: lower(it.entra.tenant), id: lower(it.entra.objectId) };
      if (it.entraGroup)
        return { kind: 'entraGroup', tenant: lower(it.entraGroup.tenant), id: lower(it.entraGroup.groupId) };
      if (it.githubTeam === undefined) return resolveLogin(context.github, it.github ?? '', asker);
      const seer = await seerOfTeam(context.store, it.githubTeam, asker, channel);
      const members = await context.github.teamMembers(it.githubTeam, seer.installationId);
      if (!members) throw unknownTeam(it.githubTeam);
      teams.push(members);
      return { kind: 'githubTeam', team: it.githubTeam, via: seer.ref };
    }),
  );
  return {
    policy: {
      approvers,
      quorum: policy.quorum ?? 1,
      requesterMayApprove: policy.requesterMayApprove ?? false,
      requireRejectComment: policy.requireRejectComment ?? false,
    },
    teams,
  };
}

const lower = (guid: string): string => guid.toLowerCase();

const unknownTeam = (team: string): ZektError =>
  new ZektError(
    'invalid_body',
    `Invalid policy: the Zekt App sees no team '${team}'. Check the spelling (organisation/team-slug), and that the App has 'Members: read' there.`,
  );

async function resolveLogin(
  github: Pick<ApprovalsContext['github'], 'findUser'>,
  login: string,
  asker: { readonly ref: RepositoryRef; readonly installationId: string } | null,
): Promise<Approver> {
  if (!asker) {
    throw new ZektError(
      'invalid_body',
      `Invalid policy: name a 'repository' with the Zekt App, so that GitHub can be asked who '${login}' is.`,
    );
  }
  const user = await github.findUser(login, asker.installationId);
  if (!user) throw new ZektError('invalid_body', `Invalid policy: there is no GitHub account '${login}'.`);
  return { kind: 'github', ...user };
}
