import { App } from '@octokit/app';
import { Octokit } from '@octokit/core';
import { RequestError } from '@octokit/request-error';
import {
  readRun,
  type Clock,
  type DispatchAnswer,
  type DispatchRequest,
  type GitHubGateway,
  type InstallationAccess,
  type KnownRepository,
  type RunFacts,
} from '@zekt/core';
import { fetchWithLimit, trustedPost } from '@zekt/egress';
import { isAnswered } from './answer-of.ts';
import { isUnknownApp } from './as-github-error.ts';
import { apiVersion } from './api-version.ts';
import { Dispatcher } from './dispatcher.ts';
import { InstallationTokens, type MintedToken, type TokenScope } from './installation-tokens.ts';
import { onlyJson } from './only-json.ts';
import { postDispatchWith } from './post-dispatch.ts';

export interface GatewayOptions {
  readonly appId: string;
  /** PKCS#8 PEM. */
  readonly privateKey: string;
  /** Without trailing slash. */
  readonly apiUrl: string;
  readonly userAgent: string;
  readonly clock: Clock;
  /** For one request. @default 10,000 */
  readonly timeoutMs?: number;
  /** Told how many requests GitHub still takes from an installation. */
  readonly onRate?: (installationId: string, remaining: number) => void;
}

/** Octokit's own log would tell of each failed request, with its URL; what matters is in the answer. */
const ignore = (): void => undefined;

/** GitHub's REST API as the App uses it. */
export class RestGateway implements GitHubGateway {
  /** Signs with the App's key; for `/app/…`. */
  readonly app: App;
  readonly #octokit: Octokit;
  readonly #tokens: InstallationTokens;
  readonly #dispatcher: Dispatcher;

  constructor(options: GatewayOptions) {
    const { appId, privateKey, apiUrl, userAgent, clock, timeoutMs = 10_000, onRate = ignore } = options;
    const Client = Octokit.defaults({
      baseUrl: apiUrl,
      userAgent,
      request: { fetch: onlyJson(fetchWithLimit(timeoutMs)) },
      log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    });
    this.app = new App({ appId, privateKey, Octokit: Client });
    this.#octokit = new Client();
    this.#tokens = new InstallationTokens((scope) => this.#mint(scope), clock);
    const post = postDispatchWith(this.#octokit, trustedPost({ timeoutMs }));
    this.#dispatcher = new Dispatcher({ tokens: this.#tokens, post, clock, onRate });
  }

  dispatch(request: DispatchRequest): Promise<DispatchAnswer> {
    return this.#dispatcher.dispatch(request);
  }

  async #mint({ installationId, repositoryId, permissions }: TokenScope): Promise<MintedToken> {
    const { data } = await this.app.octokit.request('POST /app/installations/{installation_id}/access_tokens', {
      installation_id: Number(installationId),
      repository_ids: [Number(repositoryId)],
      permissions,
      headers: { 'x-github-api-version': apiVersion },
    });
    const repository = data.repositories?.find(({ id }) => String(id) === repositoryId);
    return {
      token: data.token,
      expiresAt: Date.parse(data.expires_at),
      repository: repository?.full_name ?? null,
      ownerId: repository ? String(repository.owner.id) : null,
    };
  }

  async findRun(
    repository: { id: string; fullName: string; installationId: string },
    runId: string,
    attempt: number,
  ): Promise<RunFacts | null> {
    const { token, repository: nameNow } = await this.#tokens.get({
      installationId: repository.installationId,
      repositoryId: repository.id,
      permissions: { actions: 'read' },
    });
    const [owner = '', repo = ''] = (nameNow ?? repository.fullName).split('/');
    const found = await orNull(
      this.#octokit.request('GET /repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}', {
        owner,
        repo,
        run_id: Number(runId),
        attempt_number: attempt,
        headers: { authorization: `token ${token}`, 'x-github-api-version': apiVersion },
      }),
    );
    if (!found) return null;
    const run = found.data as unknown as Record<string, unknown>;
    return readRun(run, run.repository as Record<string, unknown>);
  }

  async findInstallation(fullName: string): Promise<InstallationAccess | null> {
    const [owner = '', repo = ''] = fullName.split('/');
    const found = await orNull(
      this.app.octokit.request('GET /repos/{owner}/{repo}/installation', {
        owner,
        repo,
        headers: { 'x-github-api-version': apiVersion },
      }),
    );
    if (!found) return null;
    const { id, suspended_at, permissions } = found.data;
    return {
      installationId: String(id),
      suspended: suspended_at !== null,
      permissions: permissions,
    };
  }

  async findRepository(fullName: string): Promise<KnownRepository | null> {
    const installation = await this.findInstallation(fullName);
    if (!installation || installation.suspended) return null;
    const [owner = '', repo = ''] = fullName.split('/');
    const minted = await orNull(
      this.app.octokit.request('POST /app/installations/{installation_id}/access_tokens', {
        installation_id: Number(installation.installationId),
        repositories: [repo],
        permissions: { metadata: 'read' },
        headers: { 'x-github-api-version': apiVersion },
      }),
      // A name of before: GitHub finds the installation by it, but gives no token for it.
      [404, 422],
    );
    if (!minted) return null;
    const found = await orNull(
      this.#octokit.request('GET /repos/{owner}/{repo}', {
        owner,
        repo,
        headers: { authorization: `token ${minted.data.token}`, 'x-github-api-version': apiVersion },
      }),
    );
    if (!found) return null;
    const { id, full_name, owner: account, archived, default_branch: defaultBranch } = found.data;
    return {
      id: String(id),
      fullName: full_name,
      ownerId: String(account.id),
      owner: account.login,
      installationId: installation.installationId,
      archived,
      defaultBranch,
    };
  }

  async findUser(login: string, installationId: string): Promise<{ id: string; login: string } | null> {
    const token = await this.#accountToken(installationId, { metadata: 'read' });
    const found = await orNull(
      this.#octokit.request('GET /users/{username}', {
        username: login,
        headers: { authorization: `token ${token}`, 'x-github-api-version': apiVersion },
      }),
    );
    return found ? { id: String(found.data.id), login: found.data.login } : null;
  }

  async isTeamMember(team: string, user: { id: string; login: string }): Promise<boolean> {
    const [org = '', slug = ''] = team.split('/');
    try {
      const headers = { 'x-github-api-version': apiVersion };
      const installation = await this.app.octokit.request('GET /orgs/{org}/installation', { org, headers });
      const installationId = String(installation.data.id);
      // GitHub is asked by login; the person is their id.
      const holder = await this.findUser(user.login, installationId);
      if (holder?.id !== user.id) return false;
      const token = await this.#accountToken(installationId, { members: 'read' });
      const { data } = await this.#octokit.request('GET /orgs/{org}/teams/{team_slug}/memberships/{username}', {
        org,
        team_slug: slug,
        username: user.login,
        headers: { ...headers, authorization: `token ${token}` },
      });
      return data.state === 'active';
    } catch (error) {
      // Not a member, no such team, not installed, or the App has no `members: read` there: nobody is let in by any of these.
      if (isAnswered(error) && [403, 404, 422].includes(error.status)) return false;
      throw error;
    }
  }

  /** A token for what belongs to an account and to none of its repositories. Asked for rarely, so not kept. */
  async #accountToken(installationId: string, permissions: Readonly<Record<string, 'read'>>): Promise<string> {
    const { data } = await this.app.octokit.request('POST /app/installations/{installation_id}/access_tokens', {
      installation_id: Number(installationId),
      permissions,
      headers: { 'x-github-api-version': apiVersion },
    });
    return data.token;
  }
}

async function orNull<T>(request: Promise<T>, missing: readonly number[] = [404]): Promise<T | null> {
  try {
    return await request;
  } catch (error) {
    if (error instanceof RequestError && missing.includes(error.status) && !isUnknownApp(error)) return null;
    throw error;
  }
}
