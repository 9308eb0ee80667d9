/** An organisation or user on the simulated GitHub. */
export interface Account {
  readonly id: number;
  login: string;
}

export interface Repository {
  readonly id: number;
  name: string;
  owner: Account;
  archived: boolean;
  deleted: boolean;
  readonly defaultBranch: string;
}

/** A person. */
export interface User {
  readonly id: number;
  readonly login: string;
}

export type Permissions = Readonly<Record<string, string>>;

export interface Installation {
  readonly id: number;
  readonly account: Account;
  /** Ids of the selected repositories. */
  readonly repositories: Set<number>;
  permissions: Permissions;
  suspendedAt: string | null;
  deleted: boolean;
  updatedAt: string;
}

export interface WorkflowRun {
  readonly id: number;
  readonly repository: Repository;
  readonly workflow: string;
  readonly runNumber: number;
  readonly event: string;
  /** The repository that its code is of: a fork's, for its pull requests. */
  readonly headRepository: Repository;
  readonly displayTitle: string;
  readonly actor: User;
  readonly ref: string;
  readonly sha: string;
  attempt: number;
  status: 'requested' | 'in_progress' | 'completed';
  conclusion: string | null;
  readonly createdAt: string;
  updatedAt: string;
}

/** A repository_dispatch that GitHub took. */
export interface Dispatch {
  readonly repository: string;
  readonly repositoryId: number;
  readonly eventType: string;
  readonly clientPayload: Readonly<Record<string, unknown>>;
  readonly at: number;
}

export interface NewRun {
  /** @default '.github/workflows/ci.yaml' */
  readonly workflow?: string;
  /** @default 'workflow_dispatch' */
  readonly event?: string;
  /** @default the repository itself */
  readonly headRepository?: Repository;
  readonly displayTitle?: string;
  readonly actor?: string;
  /** @default 'refs/heads/main' */
  readonly ref?: string;
}

export const fullName = ({ owner, name }: Repository): string => `${owner.login}/${name}`;
const nowIso = (): string => new Date().toISOString().replace(/\.\d+Z$/, 'Z');

/** What there is on the simulated GitHub: facts only, no wire. Ids are never used twice; names can be. */
export class World {
  #lastId = 100;
  /** Above 2³¹, as GitHub's are. */
  #lastRunId = 30_000_000_000;
  readonly accounts: Account[] = [];
  readonly repositories: Repository[] = [];
  readonly installations: Installation[] = [];
  readonly runs: WorkflowRun[] = [];
  readonly dispatches: Dispatch[] = [];
  readonly users: User[] = [];
  /** Logins by `organisation/team-slug`. */
  readonly teams = new Map<string, Set<string>>();
  /** Names that repositories had before, for redirects. */
  readonly formerNames = new Map<string, Repository>();

  account(login: string): Account {
    const known = this.accounts.find((it) => it.login.toLowerCase() === login.toLowerCase());
    if (known) return known;
    this.#lastId += 1;
    const account = { id: this.#lastId, login };
    this.accounts.push(account);
    return account;
  }

  user(login: string): User {
    const known = this.users.find((it) => it.login.toLowerCase() === login.toLowerCase());
    if (known) return known;
    this.#lastId += 1;
    const user = { id: this.#lastId, login };
    this.users.push(user);
    return user;
  }

  /** Creates `owner/name`, and its owner when missing. */
  repository(name: string): Repository {
    const known = this.findRepository(name);
    if (known) return known;
    const [owner = '', repo = ''] = name.split('/');
    this.#lastId += 1;
    const repository = {
      id: this.#lastId,
      name: repo,
      owner: this.account(owner),
      archived: false,
      deleted: false,
      defaultBranch: 'main',
    };
    this.repositories.push(repository);
    return repository;
  }

  findRepository(name: string): Repository | undefined {
    return this.repositories.find((it) => !it.deleted && fullName(it).toLowerCase() === name.toLowerCase());
  }

  install(login: string, repositories: readonly Repository[], permissions: Permissions): Installation {
    this.#lastId += 1;
    const installation: Installation = {
      id: this.#lastId,
      account: this.account(login),
      repositories: new Set(repositories.map(({ id }) => id)),
      permissions,
      suspendedAt: null,
      deleted: false,
      updatedAt: nowIso(),
    };
    this.installations.push(installation);
    return installation;
  }

  installationOf(repository: Repository): Installation | undefined {
    return this.installations.find((it) => !it.deleted && it.repositories.has(repository.id));
  }

  startRun(
    repository: Repository,
    {
      workflow = '.github/workflows/ci.yaml',
      event = 'workflow_dispatch',
      headRepository = repository,
      displayTitle,
      actor = 'octocat',
      ref = 'refs/heads/main',
    }: NewRun = {},
  ): WorkflowRun {
    this.#lastRunId += 1;
    const number = this.runs.filter((run) => run.repository === repository && run.workflow === workflow).length + 1;
    const run: WorkflowRun = {
      id: this.#lastRunId,
      repository,
      workflow,
      runNumber: number,
      event,
      headRepository,
      displayTitle: displayTitle ?? `Run ${number}`,
      actor: this.user(actor),
      ref,
      sha: this.#lastRunId.toString(16).padStart(40, '0'),
      attempt: 1,
      status: 'requested',
      conclusion: null,
      createdAt: nowIso(),
      updatedAt: nowIso(),
    };
    this.runs.push(run);
    return run;
  }

  touchRun(run: WorkflowRun, status: WorkflowRun['status'], conclusion: string | null): void {
    run.status = status;
    run.conclusion = conclusion;
    run.updatedAt = nowIso();
  }

  touchInstallation(installation: Installation): void {
    installation.updatedAt = nowIso();
  }

  rename(repository: Repository, name: string): void {
    this.formerNames.set(fullName(repository).toLowerCase(), repository);
    repository.name = name;
  }

  transfer(repository: Repository, login: string): void {
    this.formerNames.set(fullName(repository).toLowerCase(), repository);
    repository.owner = this.account(login);
  }
}
