import { App } from '@octokit/app';
import { Octokit } from '@octokit/core';
import {
  readRun,
  type Clock,
  type DispatchAnswer,
  type DispatchRequest,
  type GitHubGateway,
  type InstallationAccess,
  type KnownRepository,
  type RunFacts,
  type TeamMembers,
} from '@zekt/core';
import { fetchWithLimit, trustedPost } from '@zekt/egress';
import { apiVersion } from './api-version.ts';
import { Dispatcher } from './dispatcher.ts';
import { InstallationTokens, type MintedToken, type TokenScope } from './installation-tokens.ts';
import { onlyJson } from './only-json.ts';
import { repeatWhenClosed } from './repeat-when-closed.ts';
import { orNull } from './or-null.ts';
import { People } from './people.ts';
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
  readonly #people: People;

  constructor(options: GatewayOptions) {
    const { appId, privateKey, apiUrl, userAgent, clock, timeoutMs = 10_000, onRate = ignore } = options;
    const Client = Octokit.defaults({
      baseUrl: apiUrl,
      userAgent,
      request: { fetch: onlyJson(repeatWhenClosed(fetchWithLimit(timeoutMs))) },
      log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    });
    this.app = new App({ appId, privateKey, Octokit: Client });
    this.#octokit = new Client();
    this.#tokens = new InstallationTokens((scope) => this.#mint(scope), clock);
    this.#people = new People(this.#octokit, this.#tokens, clock);
    const post = postDispatchWith(this.#octokit, trustedPost({ timeoutMs }));
    this.#dispatcher = new Dispatcher({ tokens: this.#tokens, post, clock, onRate });
  }

  dispatch(request: DispatchRequest): Promise<DispatchAnswer> {
    return this.#dispatcher.dispatch(request);
  }

  async #mint({ installationId, repositoryId, permissions }: TokenScope): Promise<MintedToken> {
    const { data } = await this.app.octokit.request('POST /app/installations/{installation_id}/access_tokens', {
      installation_id: Number(installationId),
      ...(repositoryId !== null && { repository_ids: [Number(repositoryId)] }),
      permissions,
      headers: { 'x-github-api-version': apiVersion },
    });
    const repository = repositoryId === null ? null : data.repositories?.find(({ id }) => String(id) === repositoryId);
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

  findUser(login: string, installationId: string): Promise<{ id: string; login: string } | null> {
    return this.#people.findUser(login, installationId);
  }

  isTeamMember(team: string, user: { id: string; login: string }, installationId: string): Promise<boolean> {
    return this.#people.isTeamMember(team, user, installationId);
  }

  teamMembers(team: string, installationId: string): Promise<TeamMembers | null> {
    return this.#people.teamMembers(team, installationId);
  }
}
