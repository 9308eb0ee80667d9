import { openEmbedded } from '@zekt/embedded';
import { applyResources } from '../directory/apply.ts';
import { manager, type Party } from '../directory/party.ts';
import type { PutContext } from '../directory/resolve-repository.ts';
import { findSubscription, type SubscriptionDocument } from '../directory/subscription.ts';
import { repositoryRef, type RepositoryRef } from '../identity/keys.ts';
import type { WorkflowIdentity } from '../identity/workflow-identity.ts';
import type { BusMessage } from '../ports/bus.ts';
import type { DocumentStore } from '../ports/document-store.ts';
import type { KnownRepository } from '../ports/github.ts';
import { ManualClock } from '../ports/manual-clock.ts';

export const issuer = 'https://token.github.example';
export const otherIssuer = 'https://token.other.example';

/** Owners and ids of the repositories that the App sees. */
const repositories: Readonly<Record<string, readonly [owner: string, ownerId: string, id: string]>> = {
  'acme/requests': ['acme', '10', '101'],
  'acme/sibling': ['acme', '10', '102'],
  'contoso/platform': ['contoso', '20', '201'],
  'contoso/finance': ['contoso', '20', '202'],
  'initech/tools': ['initech', '30', '301'],
};

/** The directory in memory, with a GitHub that knows a few repositories, for tests. */
export class DirectoryWorld {
  readonly clock = new ManualClock();
  /** What was asked of GitHub. */
  readonly asked: string[] = [];
  /** What was committed with changes. */
  readonly told: BusMessage[] = [];
  readonly store: DocumentStore;
  readonly close: () => Promise<void>;
  readonly #known = new Map<string, KnownRepository>();

  constructor() {
    const embedded = openEmbedded(':memory:', this.clock);
    const { store } = embedded;
    this.close = () => embedded.close();
    this.store = {
      get: (partition, id) => store.get(partition, id),
      list: (partition, options) => store.list(partition, options),
      commit: async (batch) => {
        const result = await store.commit(batch);
        if (result.committed) this.told.push(...(batch.messages ?? []));
        return result;
      },
    };
    for (const [name, [owner, ownerId, id]] of Object.entries(repositories)) this.put(name, owner, ownerId, id);
  }

  /** Makes GitHub know a repository under a name, whose case it ignores. */
  put(fullName: string, owner: string, ownerId: string, id: string): void {
    const installationId = `9${ownerId}`;
    this.#known.set(fullName.toLowerCase(), {
      id,
      fullName,
      ownerId,
      owner,
      installationId,
      archived: false,
      defaultBranch: 'main',
    });
  }

  ref(fullName: string): RepositoryRef {
    return repositoryRef(issuer, this.#of(fullName).id);
  }

  context(changes: Partial<PutContext> = {}): PutContext {
    return {
      store: this.store,
      github: {
        findRepository: async (name) => {
          this.asked.push(name);
          return this.#known.get(name.toLowerCase()) ?? null;
        },
        findUser: async () => null,
      },
      issuer,
      nowMs: this.clock.now(),
      dryRun: false,
      ...changes,
    };
  }

  /** Who a run of the repository's default branch is. */
  identity(fullName: string, changes: Partial<WorkflowIdentity> = {}): WorkflowIdentity {
    const { id, ownerId, owner } = this.#of(fullName);
    return {
      issuer,
      audience: 'https://zekt.example',
      repositoryId: id,
      repositoryOwnerId: ownerId,
      runId: '1',
      runAttempt: 1,
      workflow: '.github/workflows/zekt.yaml',
      repository: fullName,
      repositoryOwner: owner,
      eventName: 'push',
      actor: 'octocat',
      actorId: '7',
      ref: 'refs/heads/main',
      tokenId: 'token',
      ...changes,
    };
  }

  workflow(fullName: string): Party {
    return { kind: 'workflow', identity: this.identity(fullName) };
  }

  /** `acme/orders` of `acme/requests`, unless it is said otherwise; by an operator. */
  async offer(spec: object = {}, label = 'acme/orders', repository = 'acme/requests'): Promise<void> {
    const [owner, name] = label.split('/');
    const workflow = `.github/workflows/${name ?? ''}.yaml`;
    await applyResources(
      this.context(),
      [service({ owner, name }, { repository, workflow, visibility: 'public', ...spec })],
      manager,
    );
  }

  async subscription(idOrName: string): Promise<SubscriptionDocument> {
    const found = await findSubscription(this.store, idOrName);
    if (!found) throw new Error(`there is no subscription ${idOrName}`);
    return found.body;
  }

  #of(fullName: string): KnownRepository {
    const known = this.#known.get(fullName.toLowerCase());
    if (!known) throw new Error(`there is no repository ${fullName}`);
    return known;
  }
}

const resource =
  (kind: string) =>
  (metadata: object, spec: object): object => ({ apiVersion: 'zekt.dev/v1', kind, metadata, spec });
export const service = resource('Service');
export const subscription = resource('Subscription');
