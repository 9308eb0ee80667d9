import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { appApi } from './app-api.ts';
import { goodSettings, type AppSettings } from './app-settings.ts';
import type { OAuthClient } from './authorization-codes.ts';
import { makeAppKey } from './app-key.ts';
import { Faults } from './faults.ts';
import { OidcIssuer } from './oidc-issuer.ts';
import type { SigningKeyPair } from './signing-key-pair.ts';
import {
  installationRepositoriesWebhook,
  installationWebhook,
  repositoryWebhook,
  workflowRunWebhook,
} from './representations.ts';
import { runAction, type Step, type StepResult } from './runner.ts';
import { webLogin } from './web-login.ts';
import { WebhookSender, type WebhookTarget } from './webhook-sender.ts';
import {
  fullName,
  World,
  type Dispatch,
  type Installation,
  type NewRun,
  type Permissions,
  type Repository,
  type WorkflowRun,
} from './world.ts';

export interface SimulatorOptions {
  /** @default 4242 */
  readonly appId?: string;
  /** For faults and webhook weather. @default Math.random */
  readonly random?: () => number;
  /** The App's private key, PKCS#1 PEM. @default a new one */
  readonly privateKey?: string;
  /** What the first tokens of jobs are signed with. @default a new one */
  readonly issuerKey?: SigningKeyPair;
}

export const appPermissions: Permissions = goodSettings().permissions;

/** One request and its answer, for whoever checks that they keep to GitHub's documents. */
export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly requestBody: string;
  readonly status: number;
  readonly responseBody: string;
}

/** GitHub on loopback: token issuer, App API, webhooks and a runner, on one port. What happens in the world is told by webhook. */
export class GitHubSimulator {
  readonly world = new World();
  readonly faults: Faults;
  readonly webhooks: WebhookSender;
  readonly appId: string;
  /** What the App's owner has set on its page. */
  readonly app: AppSettings = goodSettings();
  /** PKCS#1 PEM, the form that GitHub hands out. */
  readonly privateKey: string;
  /** PEM of all keys that the App has: its owner may generate further ones and delete old ones. */
  readonly privateKeys: string[];
  /** The App's client, for people who sign in. */
  readonly client: OAuthClient = { id: 'Iv23simulated', secret: 'github-client-secret' };
  readonly url: string;
  readonly issuer: OidcIssuer;
  /** Called for each dispatch that was taken. */
  onDispatch: (dispatch: Dispatch) => void = () => undefined;
  onExchange: ((exchange: Exchange) => void) | null = null;
  readonly #server: Server;
  readonly #jobTokens = new Map<string, WorkflowRun>();

  private constructor(
    server: Server,
    url: string,
    { appId = '4242', random = Math.random, privateKey = makeAppKey() }: SimulatorOptions,
  ) {
    this.#server = server;
    this.url = url;
    this.appId = appId;
    this.faults = new Faults(random);
    this.webhooks = new WebhookSender(appId, random, this.app);
    this.privateKey = privateKey;
    this.privateKeys = [privateKey];
    this.issuer = new OidcIssuer(`${url}/oidc`);
  }

  static async start(options: SimulatorOptions = {}): Promise<GitHubSimulator> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const simulator = new GitHubSimulator(
      server,
      `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      options,
    );
    await simulator.issuer.rotate({ ...(options.issuerKey && { key: options.issuerKey }) });
    const listener = getRequestListener(simulator.#routes().fetch);
    server.on('request', (request, response) => void simulator.#handle(request, response, listener));
    return simulator;
  }

  async stop(): Promise<void> {
    await this.webhooks.settled();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #handle(
    request: IncomingMessage,
    response: ServerResponse,
    answer: ReturnType<typeof getRequestListener>,
  ): Promise<void> {
    const fault = this.faults.next(request.method ?? 'GET', request.url ?? '/');
    if (fault?.kind === 'reset') {
      request.socket.destroy();
      return;
    }
    if (fault?.kind === 'answer') {
      response.writeHead(fault.status, { 'content-type': 'application/json', ...fault.headers });
      response.end(fault.body ?? JSON.stringify({ message: fault.message ?? 'simulated fault' }));
      return;
    }
    // Never keeps the process alive: a caller that has given up is not waited for.
    if (fault?.kind === 'delay') await new Promise((resolve) => setTimeout(resolve, fault.ms).unref());
    // Everything is done, but the answer never leaves.
    if (fault?.kind === 'resetAfter') response.end = (() => request.socket.destroy()) as never;
    await answer(request, response);
  }

  #routes(): Hono {
    const app = new Hono();
    app.use(async (context, next) => {
      const requestBody = this.onExchange ? await context.req.text() : '';
      await next();
      if (!this.onExchange) return;
      const responseBody = await context.res.clone().text();
      this.onExchange({
        method: context.req.method,
        path: context.req.path,
        requestBody,
        status: context.res.status,
        responseBody,
      });
    });
    app.get('/oidc/.well-known/openid-configuration', (context) => context.json(this.issuer.discovery()));
    app.get('/oidc/.well-known/jwks', (context) => context.json(this.issuer.jwks()));
    app.get('/oidc/token', async (context) => {
      const run = this.#jobTokens.get((context.req.header('authorization') ?? '').replace(/^bearer /i, ''));
      if (!run) return context.json({ message: 'the job is over or this is not its token' }, 401);
      const value = await this.issuer.mint(
        run,
        context.req.query('audience') ?? `https://github.com/${run.repository.owner.login}`,
      );
      return context.json({ value, count: 1 });
    });
    app.route('/', webLogin(this.world, this.client));
    const { world, appId, privateKeys, webhooks, app: settings } = this;
    app.route(
      '/',
      appApi({ world, appId, privateKeys, webhooks, settings, onDispatch: (dispatch) => this.onDispatch(dispatch) }),
    );
    app.notFound((context) =>
      context.json({ message: 'Not Found', documentation_url: 'https://docs.github.com/rest', status: '404' }, 404),
    );
    return app;
  }

  sendWebhooksTo(target: WebhookTarget): void {
    this.webhooks.target = target;
  }

  /** Installs the App on repositories of one account. */
  install(repositories: readonly Repository[], permissions: Permissions = appPermissions): Installation {
    const [first] = repositories;
    if (!first) throw new Error('install needs a repository');
    const installation = this.world.install(first.owner.login, repositories, permissions);
    this.webhooks.send('installation', installationWebhook('created', installation, this.appId, repositories));
    return installation;
  }

  suspend(installation: Installation): void {
    installation.suspendedAt = new Date().toISOString();
    this.#tellInstallation('suspend', installation);
  }

  unsuspend(installation: Installation): void {
    installation.suspendedAt = null;
    this.#tellInstallation('unsuspend', installation);
  }

  uninstall(installation: Installation): void {
    installation.deleted = true;
    const repositories = this.world.repositories.filter(({ id }) => installation.repositories.has(id));
    this.world.touchInstallation(installation);
    this.webhooks.send('installation', installationWebhook('deleted', installation, this.appId, repositories));
  }

  addToInstallation(installation: Installation, repository: Repository): void {
    installation.repositories.add(repository.id);
    this.world.touchInstallation(installation);
    this.webhooks.send(
      'installation_repositories',
      installationRepositoriesWebhook(installation, this.appId, [repository], []),
    );
  }

  removeFromInstallation(installation: Installation, repository: Repository): void {
    installation.repositories.delete(repository.id);
    this.world.touchInstallation(installation);
    this.webhooks.send(
      'installation_repositories',
      installationRepositoriesWebhook(installation, this.appId, [], [repository]),
    );
  }

  #tellInstallation(action: string, installation: Installation): void {
    this.world.touchInstallation(installation);
    this.webhooks.send('installation', installationWebhook(action, installation, this.appId, []));
  }

  rename(repository: Repository, name: string): void {
    this.world.rename(repository, name);
    this.#tellRepository('renamed', repository);
  }

  transfer(repository: Repository, login: string): void {
    this.world.transfer(repository, login);
    this.#tellRepository('transferred', repository);
  }

  archive(repository: Repository): void {
    repository.archived = true;
    this.#tellRepository('archived', repository);
  }

  delete(repository: Repository): void {
    this.#tellRepository('deleted', repository);
    repository.deleted = true;
  }

  #tellRepository(action: string, repository: Repository): void {
    this.webhooks.send('repository', repositoryWebhook(action, repository, this.world.installationOf(repository)));
  }

  startRun(repository: Repository, options: NewRun = {}): WorkflowRun {
    const run = this.world.startRun(repository, options);
    this.#tellRun(run);
    this.world.touchRun(run, 'in_progress', null);
    this.#tellRun(run);
    return run;
  }

  completeRun(run: WorkflowRun, conclusion = 'success'): void {
    this.world.touchRun(run, 'completed', conclusion);
    this.#tellRun(run);
  }

  /** Another attempt of the same run. GitHub sends no `requested` for it. */
  rerun(run: WorkflowRun): void {
    run.attempt += 1;
    this.world.touchRun(run, 'in_progress', null);
    this.#tellRun(run);
  }

  #tellRun(run: WorkflowRun): void {
    this.webhooks.send('workflow_run', workflowRunWebhook(run, this.world.installationOf(run.repository)));
  }

  /** What a job of this run with `id-token: write` finds in its environment. */
  jobCredentials(run: WorkflowRun): { requestUrl: string; requestToken: string } {
    const requestToken = `job-${randomBytes(24).toString('base64url')}`;
    this.#jobTokens.set(requestToken, run);
    return { requestUrl: `${this.url}/oidc/token?api-version=2.0`, requestToken };
  }

  /** Runs an action as a step of a run, with the right to ask for OIDC tokens unless `oidc` says otherwise. */
  async runStep(step: Omit<Step, 'oidc'>): Promise<StepResult> {
    return runAction({ ...step, oidc: this.jobCredentials(step.run) });
  }

  dispatchesTo(name: string): Dispatch[] {
    return this.world.dispatches.filter(({ repository }) => repository === name);
  }

  repository(name: string): Repository {
    return this.world.repository(name);
  }

  nameOf(repository: Repository): string {
    return fullName(repository);
  }
}
