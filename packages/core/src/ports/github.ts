/** A repository as GitHub knows it now. Ids are decimal strings. */
export interface KnownRepository {
  readonly id: string;
  readonly fullName: string;
  readonly ownerId: string;
  readonly owner: string;
  readonly installationId: string;
  readonly archived: boolean;
  readonly defaultBranch: string;
}

/** Facts of one attempt of a workflow run, as webhook and REST give them. */
export interface RunFacts {
  readonly repository: string;
  readonly repositoryId: string;
  readonly ownerId: string;
  readonly runId: string;
  readonly attempt: number;
  /** Path of the workflow file, without `@ref`; null when GitHub did not say. */
  readonly workflow: string | null;
  readonly status: string;
  readonly conclusion: string | null;
  readonly runNumber: number | null;
  readonly event: string | null;
  /** The repository that the run's code is of: a fork's run is told by it. Null when it is gone, or GitHub did not say. */
  readonly headRepositoryId: string | null;
  readonly displayTitle: string | null;
  readonly headBranch: string | null;
  readonly headSha: string | null;
  readonly actor: string | null;
  readonly htmlUrl: string | null;
  readonly createdAt: string | null;
  readonly updatedAt: string | null;
}

export interface DispatchRequest {
  readonly installationId: string;
  readonly repositoryId: string;
  /** The name last known; GitHub's answer may correct it. */
  readonly repository: string;
  /** Decimal id of the account that owned the repository when the right was given: another owner's repository gets nothing. */
  readonly ownerId?: string;
  readonly eventType: string;
  readonly clientPayload: object;
}

/** GitHub's answer to a dispatch, reduced to what it means for the delivery. `reason` never holds a secret. */
export type DispatchAnswer = { readonly repository?: string } & (
  | { readonly kind: 'accepted'; readonly status: number }
  /** Something passing: try again on the schedule. */
  | { readonly kind: 'retry'; readonly status: number | null; readonly reason: string }
  /** GitHub asks for quiet: this installation waits until `notBefore` (ms), or doubling from 60 s when GitHub did not say. */
  | { readonly kind: 'limited'; readonly status: number; readonly reason: string; readonly notBefore: number | null }
  /** Trying again can't help until a person changes something. `transferred`: the repository belongs to another account now. */
  | { readonly kind: 'refused'; readonly status: number | null; readonly reason: string; readonly transferred?: true }
  /** The installation is suspended: its queue stands still until it is not. */
  | { readonly kind: 'suspended'; readonly reason: string }
);

export interface InstallationAccess {
  readonly installationId: string;
  readonly suspended: boolean;
  readonly permissions: Readonly<Record<string, string>>;
}

/** The first hundred members of a team. */
export interface TeamMembers {
  readonly ids: readonly string[];
  /** There are no others. */
  readonly isComplete: boolean;
}

/** GitHub as the loop uses it. Calls throw only when GitHub can't be asked (network, 5xx, limits). */
export interface GitHubGateway {
  dispatch(request: DispatchRequest): Promise<DispatchAnswer>;
  /** The run, or null when it can't be seen any more. */
  findRun(
    repository: { id: string; fullName: string; installationId: string },
    runId: string,
    attempt: number,
  ): Promise<RunFacts | null>;
  /** By `owner/name`; null when the App is not installed there or the repository does not exist. */
  findRepository(fullName: string): Promise<KnownRepository | null>;
  /** A person by login, as seen from an installation; null when there is none. */
  findUser(login: string, installationId: string): Promise<{ readonly id: string; readonly login: string } | null>;
  /**
   * Whether a person is an active member of `organisation/team-slug` now, as seen from an installation, and no other. False where it may not
   * see the team, and where somebody else has the login by now.
   */
  isTeamMember(
    team: string,
    user: { readonly id: string; readonly login: string },
    installationId: string,
  ): Promise<boolean>;
  /** Who is in a team, as seen from an installation; null where it sees no such team, or may not see its members. */
  teamMembers(team: string, installationId: string): Promise<TeamMembers | null>;
  /** The App's installation on a repository; null when there is none. */
  findInstallation(fullName: string): Promise<InstallationAccess | null>;
}
