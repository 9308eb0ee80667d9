import { ZektError } from '../errors.ts';
import type { RunFacts } from '../ports/github.ts';
import { withoutRef } from './workflow-path.ts';

/** What a webhook of the App says, reduced to what Zekt acts on. Ids are decimal strings; `changedAt` is GitHub's time in ms. */
export type WebhookFact =
  | { readonly kind: 'run'; readonly facts: RunFacts }
  | {
      readonly kind: 'installation';
      readonly action: string;
      readonly installationId: string;
      readonly account: string;
      readonly accountId: string;
      /** Null when this webhook does not say. */
      readonly suspended: boolean | null;
      readonly deleted: boolean;
      readonly permissions: Readonly<Record<string, string>>;
      readonly repositories: readonly RepositoryNews[];
      readonly removed: readonly RepositoryNews[];
      readonly changedAt: number;
    }
  | {
      readonly kind: 'repository';
      readonly action: string;
      readonly repository: RepositoryNews;
      readonly owner: string;
      readonly ownerId: string;
      readonly archived: boolean;
      readonly installationId: string | null;
      readonly changedAt: number;
    }
  | { readonly kind: 'ping' }
  | { readonly kind: 'ignored' };

export interface RepositoryNews {
  readonly id: string;
  readonly fullName: string;
}

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function objectAt(parent: Json, field: string): Json {
  const value = parent[field];
  if (!isObject(value)) throw new ZektError('invalid_webhook', `The webhook has no object '${field}'.`);
  return value;
}

function idAt(parent: Json, field: string, where: string): string {
  const value = parent[field];
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw new ZektError('invalid_webhook', `'${where}.${field}' of the webhook must be a whole number.`);
  }
  return String(value);
}

const textAt = (parent: Json, field: string): string | null =>
  typeof parent[field] === 'string' ? parent[field] : null;
const numberAt = (parent: Json, field: string): number | null =>
  typeof parent[field] === 'number' ? parent[field] : null;

function timeAt(parent: Json, field: string, otherwise: number): number {
  const value = parent[field];
  // Push-like events give epoch seconds, the others ISO text.
  const ms = typeof value === 'number' ? value * 1000 : typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isFinite(ms) ? ms : otherwise;
}

/** The facts of a run from a `workflow_run` object of GitHub (webhook or REST), beside its repository object. */
export function readRun(run: Json, repository: Json, workflow: Json | null = null): RunFacts {
  const owner = objectAt(repository, 'owner');
  const path = textAt(run, 'path') ?? (workflow ? textAt(workflow, 'path') : null);
  const actor = isObject(run.actor) ? textAt(run.actor, 'login') : null;
  return {
    repository: textAt(repository, 'full_name') ?? '',
    repositoryId: idAt(repository, 'id', 'repository'),
    ownerId: idAt(owner, 'id', 'repository.owner'),
    runId: idAt(run, 'id', 'workflow_run'),
    attempt: numberAt(run, 'run_attempt') ?? 1,
    workflow: path === null ? null : withoutRef(path),
    status: textAt(run, 'status') ?? 'unknown',
    conclusion: textAt(run, 'conclusion'),
    runNumber: numberAt(run, 'run_number'),
    event: textAt(run, 'event'),
    headRepositoryId: isObject(run.head_repository)
      ? idAt(run.head_repository, 'id', 'workflow_run.head_repository')
      : null,
    displayTitle: textAt(run, 'display_title'),
    headBranch: textAt(run, 'head_branch'),
    headSha: textAt(run, 'head_sha'),
    actor,
    htmlUrl: textAt(run, 'html_url'),
    createdAt: textAt(run, 'created_at'),
    updatedAt: textAt(run, 'updated_at'),
  };
}

function repositoryList(value: unknown): RepositoryNews[] {
  if (!Array.isArray(value)) return [];
  return value
    .filter(isObject)
    .map((it) => ({ id: idAt(it, 'id', 'repositories'), fullName: textAt(it, 'full_name') ?? '' }));
}

function readInstallation(event: string, payload: Json, receivedAt: number): WebhookFact {
  const installation = objectAt(payload, 'installation');
  const account = isObject(installation.account) ? installation.account : objectAt(payload, 'account');
  const action = textAt(payload, 'action') ?? '';
  const permissions = isObject(installation.permissions) ? installation.permissions : {};
  return {
    kind: 'installation',
    action,
    installationId: idAt(installation, 'id', 'installation'),
    account: textAt(account, 'login') ?? textAt(account, 'slug') ?? '',
    accountId: idAt(account, 'id', 'installation.account'),
    suspended:
      'suspended_at' in installation
        ? action === 'suspend' || (action !== 'unsuspend' && installation.suspended_at !== null)
        : null,
    deleted: event === 'installation' && action === 'deleted',
    permissions: Object.fromEntries(Object.entries(permissions).map(([name, level]) => [name, String(level)])),
    repositories: [...repositoryList(payload.repositories), ...repositoryList(payload.repositories_added)],
    removed: repositoryList(payload.repositories_removed),
    changedAt: timeAt(installation, 'updated_at', receivedAt),
  };
}

function readRepository(payload: Json, receivedAt: number): WebhookFact {
  const repository = objectAt(payload, 'repository');
  const owner = objectAt(repository, 'owner');
  return {
    kind: 'repository',
    action: textAt(payload, 'action') ?? '',
    repository: { id: idAt(repository, 'id', 'repository'), fullName: textAt(repository, 'full_name') ?? '' },
    owner: textAt(owner, 'login') ?? '',
    ownerId: idAt(owner, 'id', 'repository.owner'),
    archived: repository.archived === true,
    installationId: isObject(payload.installation) ? idAt(payload.installation, 'id', 'installation') : null,
    changedAt: timeAt(repository, 'updated_at', receivedAt),
  };
}

/**
 * Reads a webhook by its event name.
 *
 * @param payload the parsed body
 * @param receivedAt used where GitHub gives no time of its own (ms)
 * @throws ZektError `invalid_webhook` when an event that Zekt acts on lacks what makes it one
 */
export function readWebhook(event: string, payload: unknown, receivedAt: number): WebhookFact {
  if (!isObject(payload)) throw new ZektError('invalid_webhook', 'The webhook body must be a JSON object.');
  switch (event) {
    case 'workflow_run': {
      const workflow = isObject(payload.workflow) ? payload.workflow : null;
      const facts = readRun(objectAt(payload, 'workflow_run'), objectAt(payload, 'repository'), workflow);
      // The action is what happened; `status` in an old body may lag behind it.
      return { kind: 'run', facts: { ...facts, status: textAt(payload, 'action') ?? facts.status } };
    }
    case 'installation':
    case 'installation_repositories':
    case 'installation_target':
      return readInstallation(event, payload, receivedAt);
    case 'repository':
      return readRepository(payload, receivedAt);
    case 'ping':
      return { kind: 'ping' };
    default:
      return { kind: 'ignored' };
  }
}
