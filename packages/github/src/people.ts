import type { Octokit } from '@octokit/core';
import { RememberedAnswers, type Clock, type TeamMembers } from '@zekt/core';
import { answerOf, isAnswered } from './answer-of.ts';
import { apiVersion } from './api-version.ts';
import { classifyAnswer } from './classify-answer.ts';
import type { InstallationTokens, MintedToken, TokenScope } from './installation-tokens.ts';
import { orNull } from './or-null.ts';

/** A login that changed hands meanwhile lets nobody in for longer than this. */
const holdersMs = 60_000;
const maxHolders = 1000;
/** The most that GitHub lists at once. */
const membersPerPage = 100;

interface User {
  readonly id: string;
  readonly login: string;
}

/** Who people are and which teams they are in, as an installation sees it. Each question is paid for by that installation. */
export class People {
  readonly #octokit: Octokit;
  readonly #tokens: InstallationTokens;
  /** Who has a login, of those whose membership of teams is asked. */
  readonly #holders: RememberedAnswers<User | null>;

  constructor(octokit: Octokit, tokens: InstallationTokens, clock: Clock) {
    this.#octokit = octokit;
    this.#tokens = tokens;
    this.#holders = new RememberedAnswers(holdersMs, maxHolders, () => clock.now());
  }

  async findUser(login: string, installationId: string): Promise<User | null> {
    const found = await this.#asAccount(installationId, { metadata: 'read' }, (headers) =>
      orNull(this.#octokit.request('GET /users/{username}', { username: login, headers })),
    );
    return found ? { id: String(found.data.id), login: found.data.login } : null;
  }

  async isTeamMember(team: string, user: User, installationId: string): Promise<boolean> {
    const [org = '', team_slug = ''] = team.split('/');
    try {
      // GitHub is asked by login; the person is their id.
      const holder = await this.#holders.get(`${installationId}/${user.login.toLowerCase()}`, () =>
        this.findUser(user.login, installationId),
      );
      if (holder?.id !== user.id) return false;
      const { data } = await this.#asAccount(installationId, { members: 'read' }, (headers) =>
        this.#octokit.request('GET /orgs/{org}/teams/{team_slug}/memberships/{username}', {
          org,
          team_slug,
          username: user.login,
          headers,
        }),
      );
      return data.state === 'active';
    } catch (error) {
      if (isNotShown(error)) return false;
      throw error;
    }
  }

  async teamMembers(team: string, installationId: string): Promise<TeamMembers | null> {
    const [org = '', team_slug = ''] = team.split('/');
    try {
      const { data } = await this.#asAccount(installationId, { members: 'read' }, (headers) =>
        this.#octokit.request('GET /orgs/{org}/teams/{team_slug}/members', {
          org,
          team_slug,
          per_page: membersPerPage,
          headers,
        }),
      );
      return { ids: data.map(({ id }) => String(id)), isComplete: data.length < membersPerPage };
    } catch (error) {
      if (isNotShown(error)) return null;
      throw error;
    }
  }

  /** Asks with a token for what belongs to an account and to none of its repositories; once more when GitHub no longer takes the token. */
  async #asAccount<T>(
    installationId: string,
    permissions: TokenScope['permissions'],
    ask: (headers: { authorization: string; 'x-github-api-version': string }) => Promise<T>,
  ): Promise<T> {
    const scope: TokenScope = { installationId, repositoryId: null, permissions };
    const askWith = ({ token }: MintedToken): Promise<T> =>
      ask({ authorization: `token ${token}`, 'x-github-api-version': apiVersion });
    const minted = await this.#tokens.get(scope);
    try {
      return await askWith(minted);
    } catch (error) {
      if (!isAnswered(error) || error.status !== 401) throw error;
      await this.#tokens.drop(scope, minted);
      return askWith(await this.#tokens.get(scope));
    }
  }
}

/**
 * Not a member, no such team, not installed, suspended, or the App has no `members: read` there: nobody is let in by any of these. A limit
 * says nothing about membership.
 */
const isNotShown = (error: unknown): boolean =>
  isAnswered(error) && ['refused', 'suspended'].includes(classifyAnswer(answerOf(error), 0).kind);
