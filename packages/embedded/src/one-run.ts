import {
  repositoryRef,
  type DispatchRequest,
  type GitHubGateway,
  type IncomingMessage,
  type RunKey,
  type Webhook,
} from '@zekt/core';

export const provider = {
  id: '101',
  ownerId: '11',
  fullName: 'acme/requests',
  owner: 'acme',
  installationId: '1',
  archived: false,
  defaultBranch: 'main',
};
export const consumers = [0, 1, 2].map((n) => ({
  id: String(200 + n),
  ownerId: '22',
  fullName: `contoso/consumer-${n}`,
  owner: 'contoso',
  // Two share an installation.
  installationId: n === 2 ? '3' : '2',
  archived: false,
  defaultBranch: 'main',
}));
export const workflow = '.github/workflows/order.yaml';
export const issuer = 'https://issuer.example';
export const run: RunKey = { repository: repositoryRef(issuer, provider.id), runId: '4242', attempt: 1 };
export const nameOf = (index: number): string => `subscription-${index}`;

/** GitHub as the tests of one run have it. */
export const gitHub = (dispatch: GitHubGateway['dispatch']): GitHubGateway => ({
  dispatch,
  findRun: async () => null,
  findRepository: async (name) => [provider, ...consumers].find(({ fullName }) => fullName === name) ?? null,
  findUser: async () => null,
  isTeamMember: async () => false,
  teamMembers: async () => null,
  findInstallation: async () => null,
});

export function deliveryIdIn({ clientPayload }: DispatchRequest): string {
  return (clientPayload as { _zekt: { deliveryId: string } })._zekt.deliveryId;
}

export const keyOf = (index: number): string => `key-${index}`;

/** The index-th message of the run, or of another one. */
export function messageOf(index: number, eventType = 'any', runId = run.runId): IncomingMessage {
  return {
    idempotencyKey: keyOf(index),
    identity: {
      issuer,
      audience: 'https://zekt.example',
      repositoryId: provider.id,
      repositoryOwnerId: provider.ownerId,
      runId,
      runAttempt: 1,
      workflow,
      repository: provider.fullName,
      repositoryOwner: provider.owner,
      eventName: 'workflow_dispatch',
      actor: 'octocat',
      actorId: '1',
      ref: 'refs/heads/main',
      tokenId: `token-${runId}-${index}`,
    },
    request: {
      eventType,
      repository: provider.fullName,
      workflowRunId: runId,
      payload: { index },
    },
  };
}

export function runWebhook(action: string, guid: string, runId = run.runId): Webhook {
  return {
    hook: 'integration-1',
    guid,
    event: 'workflow_run',
    payload: {
      action,
      workflow_run: {
        id: Number(runId),
        run_attempt: 1,
        run_number: 7,
        path: workflow,
        status: action,
        conclusion: action === 'completed' ? 'success' : null,
        event: 'workflow_dispatch',
        head_repository: { id: Number(provider.id) },
      },
      repository: {
        id: Number(provider.id),
        full_name: provider.fullName,
        owner: { id: Number(provider.ownerId), login: 'acme' },
      },
    },
  };
}

/** The service, and for each list of event types a subscription that takes them. */
export function resourcesOf(subscriptions: readonly (readonly string[])[]): object[] {
  const service = {
    apiVersion: 'zekt.dev/v1',
    kind: 'Service',
    metadata: { owner: 'acme', name: 'ordered' },
    spec: { repository: provider.fullName, workflow },
  };
  const rights = subscriptions.map((eventTypes, index) => ({
    apiVersion: 'zekt.dev/v1',
    kind: 'Subscription',
    metadata: { name: nameOf(index) },
    spec: {
      service: 'acme/ordered',
      repository: consumers[index % consumers.length]?.fullName ?? '',
      state: 'approved',
      eventTypes: [...eventTypes],
    },
  }));
  return [service, ...rights];
}
