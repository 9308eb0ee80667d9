import { RememberedAnswers, type Clock, type GitHubGateway } from '@zekt/core';

export type IsTeamMember = GitHubGateway['isTeamMember'];

/** GitHub's answer holds for so long: whoever has left a team may be taken for a member until then, but see `freshFrom`. */
const rememberMs = 60_000;
const maxRemembered = 10_000;

/**
 * Who is in which team, asked of GitHub once a minute for a person and a team, so that looking at a page again and again costs nobody's
 * rate limit.
 */
export class Memberships {
  readonly #ask: IsTeamMember;
  readonly #answers: RememberedAnswers<boolean>;

  constructor(ask: IsTeamMember, clock: Clock) {
    this.#ask = ask;
    this.#answers = new RememberedAnswers(rememberMs, maxRemembered, () => clock.now());
  }

  /** @param freshFrom an answer from before this time (ms) does not do. @default any of the last minute */
  isMember(
    team: string,
    user: Parameters<IsTeamMember>[1],
    installationId: string,
    freshFrom?: number,
  ): Promise<boolean> {
    const key = [installationId, team.toLowerCase(), user.id, user.login.toLowerCase()].join('/');
    return this.#answers.get(key, () => this.#ask(team, user, installationId), freshFrom);
  }
}
