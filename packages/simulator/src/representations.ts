import type { AppSettings } from './app-settings.ts';
import templates from './generated/templates.json' with { type: 'json' };
import { fullName, type Account, type Installation, type Repository, type User, type WorkflowRun } from './world.ts';

type Json = Record<string, unknown>;

// GitHub's own examples give every field that its documents require; these functions put the simulated facts in their place.

export const accountJson = ({ id, login }: Account): Json => ({
  ...templates.installation.account,
  id,
  login,
  type: 'Organization',
});

/** The App, as it sees itself. */
export const appJson = (appId: string, owner: Account, { permissions, events }: AppSettings): Json => ({
  ...templates.app,
  id: Number(appId),
  slug: 'zekt',
  name: 'Zekt',
  owner: accountJson(owner),
  permissions,
  events,
});

/** A person, as REST shows them to anybody. */
export const userJson = (user: User): Json => ({
  ...templates.user,
  ...userFacts(user),
});

/** As REST shows it. */
export const repositoryJson = (repository: Repository): Json => ({
  ...templates.repository,
  ...repositoryFacts(repository),
});
/** As webhooks show it: less. */
const briefRepositoryJson = (repository: Repository): Json => ({
  ...templates.workflowRunWebhook.repository,
  ...repositoryFacts(repository),
});

function repositoryFacts(repository: Repository): Json {
  return {
    id: repository.id,
    name: repository.name,
    full_name: fullName(repository),
    owner: accountJson(repository.owner),
    archived: repository.archived,
    default_branch: repository.defaultBranch,
    has_discussions: false,
    html_url: `https://github.com/${fullName(repository)}`,
    updated_at: new Date().toISOString(),
  };
}

export function installationJson(installation: Installation, appId: string): Json {
  return {
    ...templates.installation,
    id: installation.id,
    app_id: Number(appId),
    account: accountJson(installation.account),
    target_id: installation.account.id,
    permissions: installation.permissions,
    repository_selection: 'selected',
    suspended_at: installation.suspendedAt,
    suspended_by: null,
    updated_at: installation.updatedAt,
  };
}

/** As REST shows it. */
export const runJson = (run: WorkflowRun): Json => ({ ...templates.run, ...runFacts(run) });

const userFacts = ({ id, login }: User): Json => ({ id, login });

function runFacts(run: WorkflowRun): Json {
  const repositoryIn = (of: Repository): Json => ({
    ...templates.workflowRunWebhook.workflow_run.repository,
    ...repositoryFacts(of),
  });
  return {
    id: run.id,
    name: run.workflow.replace(/^.*\/|\.ya?ml$/g, ''),
    path: run.workflow,
    run_number: run.runNumber,
    run_attempt: run.attempt,
    event: run.event,
    display_title: run.displayTitle,
    status: run.status === 'requested' ? 'queued' : run.status,
    conclusion: run.conclusion,
    head_branch: run.ref.replace('refs/heads/', ''),
    head_sha: run.sha,
    actor: { ...templates.run.actor, ...userFacts(run.actor) },
    triggering_actor: { ...templates.run.triggering_actor, ...userFacts(run.actor) },
    html_url: `https://github.com/${fullName(run.repository)}/actions/runs/${run.id}`,
    created_at: run.createdAt,
    updated_at: run.updatedAt,
    run_started_at: run.createdAt,
    repository: repositoryIn(run.repository),
    head_repository: repositoryIn(run.headRepository),
  };
}

export function workflowRunWebhook(run: WorkflowRun, installation: Installation | undefined): Json {
  const { action: _action, ...rest } = templates.workflowRunWebhook;
  return {
    action: run.status,
    ...rest,
    workflow_run: { ...rest.workflow_run, ...runFacts(run) },
    workflow: { ...rest.workflow, path: run.workflow },
    repository: briefRepositoryJson(run.repository),
    ...(installation && { installation: { id: installation.id, node_id: 'I_simulated' } }),
  };
}

export function installationWebhook(
  action: string,
  installation: Installation,
  appId: string,
  repositories: readonly Repository[],
): Json {
  return {
    action,
    installation: installationJson(installation, appId),
    repositories: repositories.map(briefRepository),
    sender: templates.installationWebhook.sender,
  };
}

export function installationRepositoriesWebhook(
  installation: Installation,
  appId: string,
  added: readonly Repository[],
  removed: readonly Repository[],
): Json {
  return {
    action: added.length > 0 ? 'added' : 'removed',
    installation: installationJson(installation, appId),
    repository_selection: 'selected',
    repositories_added: added.map(briefRepository),
    repositories_removed: removed.map(briefRepository),
    requester: null,
    sender: templates.installationWebhook.sender,
  };
}

export function repositoryWebhook(
  action: string,
  repository: Repository,
  installation: Installation | undefined,
): Json {
  return {
    action,
    repository: briefRepositoryJson(repository),
    sender: templates.repositoryWebhook.sender,
    ...(installation && { installation: { id: installation.id, node_id: 'I_simulated' } }),
  };
}

const briefRepository = (repository: Repository): Json => ({
  id: repository.id,
  node_id: 'R_simulated',
  name: repository.name,
  full_name: fullName(repository),
  private: true,
});
